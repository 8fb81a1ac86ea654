/**
 * `@latchkey/license/testing`: for the specs of apps that use Latchkey. Real keys, real licenses, a clock to turn.
 *
 * @module
 */
export { expectAllFeaturesGated, type GatedInCode } from './testing/expect-all-features-gated.js';
export { licenseMatchers } from './testing/license-matchers.js';
export type { LicenseControl } from './testing/license-control.js';
export { licenseOf } from './testing/license-of.js';
export { LicenseTestingModule, type LicenseTestingOptions } from './testing/license-testing.module.js';
export { ManualClock } from './testing/manual-clock.js';
export type { LicenseMatchers } from './testing/matcher-types.js';
export { overrideLicense } from './testing/override-license.js';
export { TestIssuer } from './testing/test-issuer.js';
export { until } from './testing/until.js';
