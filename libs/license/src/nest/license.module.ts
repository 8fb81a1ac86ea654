import { ConfigurableModuleBuilder, Module, type DynamicModule } from '@nestjs/common';

import { LicenseBootstrap } from './license.bootstrap.js';
import { LicenseGuard } from './license.guard.js';
import { LicenseHealthIndicator } from './license.health.js';
import { LicenseMetrics } from './license.metrics.js';
import { assertOptions, type LicenseModuleOptions } from './license.options.js';
import { LicenseService } from './license.service.js';
import { LICENSE_SETTINGS, resolveSettings } from './license.settings.js';
import { RefusalDocumentation } from './refusal-documentation.js';

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN, OPTIONS_TYPE } =
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
      inject: [MODULE_OPTIONS_TOKEN],
      useFactory: (options: LicenseModuleOptions) => {
        assertOptions(options);
        return resolveSettings(options);
      },
    },
    LicenseBootstrap,
    LicenseService,
    LicenseGuard,
    LicenseHealthIndicator,
    LicenseMetrics,
    RefusalDocumentation,
  ],
  exports: [LicenseService, LicenseGuard, LicenseHealthIndicator, LicenseMetrics],
})
export class LicenseModule extends ConfigurableModuleClass {
  /**
   * @param options what code decides; everything else comes from the environment
   * @throws {CONFIGURATION_INVALID} naming every wrong option
   */
  static override forRoot(options: typeof OPTIONS_TYPE = {}): DynamicModule {
    assertOptions(options);
    return super.forRoot(options);
  }
}
