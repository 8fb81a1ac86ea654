/**
 * `@latchkey/license`: licensing for NestJS services.
 *
 * @module
 */
export type { Clock } from './core/clock.js';
export { LicenseError, type LicenseErrorCode, type LicenseErrorDetails } from './core/errors.js';
export type { FeatureValue } from './core/license.js';
export type {
  LicenseOrigin,
  LicenseReason,
  LicenseState,
  LicenseStatus,
  RefusalNote,
} from './core/status.js';
export type { LicenseSource, LicenseSourceListener } from './distribution/license-source.js';
export type { NatsTransportOptions } from './distribution/nats-options.js';
export type { Explanation, ExplanationReason, LicenseQuestion } from './nest/explanation.js';
export type { HandlerTransport } from './nest/handlers.js';
export {
  CommunityAllowed,
  RequireEdition,
  RequireEnterprise,
  RequireFeature,
} from './nest/license.decorators.js';
export { LicenseRequiredException, type RefusalBody, type RefusalCode } from './nest/license.exception.js';
export { LicenseGuard } from './nest/license.guard.js';
export { LicenseHealthIndicator, type LicenseHealth } from './nest/license.health.js';
export { LicenseInventory, type GatedHandler } from './nest/license.inventory.js';
export { LicenseInterceptor } from './nest/license.interceptor.js';
export { LicenseMetrics } from './nest/license.metrics.js';
export { LicenseModule } from './nest/license.module.js';
export type {
  LicenseAdapters,
  LicenseModuleOptions,
  LicenseOptionsFactory,
  RefusalOptions,
} from './nest/license.options.js';
export { LicenseService } from './nest/license.service.js';
export type {
  EditionName,
  FeatureName,
  FeatureValueOf,
  LicensedEditions,
  LicensedFeatures,
  LicensedLimits,
  LimitName,
} from './nest/licensed-names.js';
export type { Demand, RefusalEvent } from './nest/refusal.js';
export type { PrometheusClient } from './nest/prometheus-client.js';
export type { Requirement } from './nest/requirements.js';
export type { JsonWebKeyInput, TrustedKeyInput } from './protocol/trusted-keys.js';
export type { Environment } from './store/environment.js';
export type { LicenseStore } from './store/license-store.js';
