// Compiled, not run: an app that declares no names may use any.
import {
  LicenseModule,
  RequireEdition,
  RequireFeature,
  type EditionName,
  type FeatureName,
  type FeatureValue,
  type LicenseService,
  type LimitName,
} from '@latchkey/license';

declare const license: LicenseService;

/** Compiles only when both types are the same. */
function same<A>() {
  return <B>(_both: [A, B] extends [B, A] ? true : never): void => undefined;
}

same<FeatureName>()<string>(true);
same<LimitName>()<string>(true);
same<EditionName>()<string>(true);

const name = 'any' as string;
license.hasFeature(name);
license.explain(name);
license.explain({ edition: name });
license.explain({ limit: name, wanted: 1 });
license.assertWithinLimit(name, 1);
const value = license.feature('seats');
same<typeof value>()<FeatureValue | undefined>(true);

export class Gated {
  @RequireFeature(name, 'more')
  @RequireEdition(name)
  any(): void {}

  // @ts-expect-error at least one
  @RequireFeature()
  none(): void {}
}

LicenseModule.forRoot({ features: [name], advisory: [name], community: { limits: { [name]: -1 } } });
// @ts-expect-error a limit is a number
license.assertWithinLimit(name, '1');
