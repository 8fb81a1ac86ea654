/**
 * `@latchkey/license/testing`: for the specs of apps that use Latchkey. Real keys, real licenses, a clock to turn.
 *
 * @module
 */
export { expectAllFeaturesGated, type GatedInCode } from './testing/expect-all-features-gated.js';
export { ManualClock } from './testing/manual-clock.js';
export { TestIssuer } from './testing/test-issuer.js';
export { until } from './testing/until.js';
