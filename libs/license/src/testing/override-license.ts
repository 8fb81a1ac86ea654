import type { DynamicModule } from '@nestjs/common';

import { LICENSE_OPTIONS } from '../nest/license.module.js';
import type { LicenseModuleOptions } from '../nest/license.options.js';
import { LICENSE_SETTINGS, resolveSettings } from '../nest/license.settings.js';
import { assertOptions } from '../nest/options-check.js';
import { moverOf } from './license-testing.module.js';

/** The part of Nest's `TestingModuleBuilder` that is needed here. */
interface ProviderOverrides {
  overrideProvider(token: unknown): {
    useFactory(options: {
      factory: (app: LicenseModuleOptions) => Promise<unknown>;
      inject: (string | symbol)[];
    }): unknown;
  };
}

/**
 * Replaces the license of a whole app, wherever in it `LicenseModule.forRoot()` or `forRootAsync()` is imported. What
 * the app says there about product, editions, community limits and refusals goes on to apply.
 *
 * @param builder what `Test.createTestingModule({ imports: [AppModule] })` gave
 * @param license what a method of {@link LicenseTestingModule} gave
 * @returns the builder
 * @throws {Error} when `license` is another module
 */
export function overrideLicense<Builder extends ProviderOverrides>(
  builder: Builder,
  license: DynamicModule,
): Builder {
  const move = moverOf(license);
  if (move === undefined) {
    throw new Error(
      'expected a module of LicenseTestingModule, such as LicenseTestingModule.licensed(), found another one',
    );
  }
  builder.overrideProvider(LICENSE_SETTINGS).useFactory({
    inject: [LICENSE_OPTIONS],
    factory: async (app) => {
      assertOptions(app);
      return resolveSettings(await move(app));
    },
  });
  return builder;
}
