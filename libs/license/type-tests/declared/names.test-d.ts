// Compiled, not run: what an app that declares its names (license-names.ts) may and may not write.
import {
  LicenseModule,
  RequireEdition,
  RequireEnterprise,
  RequireFeature,
  type FeatureName,
  type LicenseService,
} from '@latchkey/license';
import { expectAllFeaturesGated } from '@latchkey/license/testing';
import type { INestApplicationContext } from '@nestjs/common';

declare const license: LicenseService;
declare const app: INestApplicationContext;

/** Compiles only when both types are the same. */
function same<A>() {
  return <B>(_both: [A, B] extends [B, A] ? true : never): void => undefined;
}

// names
license.hasFeature('audit-log');
license.explain('workflow');
license.limit('users');
license.assertWithinLimit('apps', 3);
license.explain({ limit: 'apps', wanted: 3 });
license.hasEdition('paid');
license.explain({ edition: 'paid' });
// @ts-expect-error no such feature
license.hasFeature('workflw');
// @ts-expect-error no such feature
license.feature('workflw');
// @ts-expect-error no such feature
license.explain('workflw');
// @ts-expect-error a limit, not a feature
license.hasFeature('users');
// @ts-expect-error no such limit
license.limit('user');
// @ts-expect-error no such limit
license.assertWithinLimit('user', 3);
// @ts-expect-error no such limit
license.explain({ limit: 'user', wanted: 3 });
// @ts-expect-error how many?
license.explain({ limit: 'users' });
// @ts-expect-error no such edition
license.hasEdition('enterprise');
// @ts-expect-error no such edition
license.explain({ edition: 'enterprise' });
// @ts-expect-error some string is not a known name
license.hasFeature('work' as string);
same<FeatureName>()<'workflow' | 'seats' | 'tier' | 'audit-log'>(true);

// values
const seats = license.feature('seats');
same<typeof seats>()<number | undefined>(true);
const tier = license.feature('tier');
same<typeof tier>()<'small' | 'large' | undefined>(true);
const workflow = license.feature('workflow');
same<typeof workflow>()<true | undefined>(true);
// @ts-expect-error it may be missing
export const certain: number = license.feature('seats');

// decorators
export class Gated {
  @RequireFeature('workflow', 'audit-log')
  both(): void {}

  // @ts-expect-error no such feature
  @RequireFeature('workflow', 'audit-logs')
  misspelled(): void {}

  // @ts-expect-error at least one
  @RequireFeature()
  none(): void {}

  @RequireEdition('paid')
  paid(): void {}

  // @ts-expect-error no such edition
  @RequireEdition('enterprise')
  enterprise(): void {}

  @RequireEnterprise() // a ladder without it keeps the app from starting
  shorthand(): void {}
}

// options
LicenseModule.forRoot({
  editions: ['free', 'paid'],
  features: ['workflow', 'seats', 'tier', 'audit-log'],
  advisory: ['audit-log'],
  community: { limits: { users: 5 } },
});
// @ts-expect-error no such feature
LicenseModule.forRoot({ advisory: ['audit-logs'] });
// @ts-expect-error no such limit
LicenseModule.forRoot({ community: { limits: { user: 5 } } });
// @ts-expect-error no such option
LicenseModule.forRoot({ produkt: 'agent-os' });

// tests
expectAllFeaturesGated(app, ['workflow', 'seats'], { inCode: ['seats'] });
// @ts-expect-error no such feature
expectAllFeaturesGated(app, ['workflw']);
