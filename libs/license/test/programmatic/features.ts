import type { FeatureName } from '@latchkey/license';

/** Everything the product sells. The module and the tests take it from here. */
export const features = ['workflow', 'seats', 'audit-log'] as const satisfies readonly FeatureName[];
