import { ConfigurableModuleBuilder, Module, type DynamicModule } from '@nestjs/common';

import { LicenseError } from '../core/errors.js';
import { GateCheck } from './gate-check.js';
import { LicenseBootstrap } from './license.bootstrap.js';
import { LicenseGuard } from './license.guard.js';
import { LicenseHealthIndicator } from './license.health.js';
import { LicenseInventory } from './license.inventory.js';
import { LicenseMetrics } from './license.metrics.js';
import type { LicenseModuleOptions } from './license.options.js';
import { LicenseService } from './license.service.js';
import { LICENSE_SETTINGS, resolveSettings, type LicenseSettings } from './license.settings.js';
import { assertOptions } from './options-check.js';
import { RefusalDocumentation } from './refusal-documentation.js';

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<LicenseModuleOptions>()
    .setClassMethodName('forRoot')
    .setExtras({ isGlobal: true }, (definition, { isGlobal }) => ({ ...definition, global: isGlobal }))
    .build();

/** Injection token of {@link LicenseModuleOptions}, as the app gave them. */
export const LICENSE_OPTIONS = MODULE_OPTIONS_TOKEN;

/**
 * Licensing for a Nest application: import `LicenseModule.forRoot()` once, in the root module. `forRootAsync`
 * takes the same options from a factory or class. Global unless `isGlobal: false`.
 */
@Module({
  providers: [
    {
      provide: LICENSE_SETTINGS,
      inject: [{ token: MODULE_OPTIONS_TOKEN, optional: true }],
      useFactory: settingsFrom,
    },
    GateCheck,
    LicenseBootstrap,
    LicenseService,
    LicenseGuard,
    LicenseHealthIndicator,
    LicenseInventory,
    LicenseMetrics,
    RefusalDocumentation,
  ],
  exports: [LicenseService, LicenseGuard, LicenseHealthIndicator, LicenseInventory, LicenseMetrics],
})
export class LicenseModule extends ConfigurableModuleClass {
  /**
   * Imports licensing, once, in the root module.
   *
   * @param options what code decides; everything else comes from the environment
   * @throws {CONFIGURATION_INVALID} naming every wrong option
   */
  static override forRoot(options: typeof OPTIONS_TYPE = {}): DynamicModule {
    assertOptions(options, ['isGlobal']);
    return super.forRoot(options);
  }

  /**
   * The same options from elsewhere: `useFactory` with `inject`, or a {@link LicenseOptionsFactory} as `useClass` or
   * `useExisting`. `isGlobal` stands beside them.
   *
   * @throws {CONFIGURATION_INVALID} when none or several of the three are given; what they return is checked at start
   */
  static override forRootAsync(options: typeof ASYNC_OPTIONS_TYPE): DynamicModule {
    const given = (['useFactory', 'useClass', 'useExisting'] as const).filter((name) => options[name]);
    if (given.length !== 1) {
      throw new LicenseError(
        'CONFIGURATION_INVALID',
        `LicenseModule.forRootAsync(): expected one of useFactory, useClass and useExisting, found ${given.join(' and ') || 'none'}`,
      );
    }
    return super.forRootAsync(options);
  }
}

function settingsFrom(options: LicenseModuleOptions | undefined): LicenseSettings {
  if (options === undefined) {
    throw new LicenseError(
      'CONFIGURATION_INVALID',
      'LicenseModule: expected options, found none: import LicenseModule.forRoot() instead of LicenseModule, ' +
        'and let the factory of forRootAsync() return an object',
    );
  }
  assertOptions(options);
  return resolveSettings(options);
}
