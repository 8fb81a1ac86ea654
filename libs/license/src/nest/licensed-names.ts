import type { FeatureValue } from '../core/license.js';

/**
 * The features that the product sells, each with the type of the value that a license gives it (`true` for one that is
 * just on). Empty here, and then any name passes. An app that declares its own has them checked by the compiler:
 *
 * ```ts
 * declare module '@latchkey/license' {
 *   interface LicensedFeatures {
 *     workflow: true;
 *     seats: number;
 *   }
 * }
 * ```
 *
 * The types say what the vendor promises to sign; they are not checked when a license arrives.
 */
export interface LicensedFeatures {}

/** The limits that the product knows, as {@link LicensedFeatures} declares features: `{ apps: number; users: number }`. */
export interface LicensedLimits {}

/** The editions of an app with its own ladder: `{ free: true; paid: true }`. Give the order to `forRoot({ editions })`. */
export interface LicensedEditions {}

/** The names that an app declared, or any string when it declared none. */
type NamesOf<Declared> = [keyof Declared] extends [never] ? string : keyof Declared & string;

/** Name of a feature: those of {@link LicensedFeatures}, or any string. */
export type FeatureName = NamesOf<LicensedFeatures>;

/** Name of a limit: those of {@link LicensedLimits}, or any string. */
export type LimitName = NamesOf<LicensedLimits>;

/** Name of an edition: those of {@link LicensedEditions}, or any string. */
export type EditionName = NamesOf<LicensedEditions>;

/** The type of the value of a feature, as {@link LicensedFeatures} declares it. */
export type FeatureValueOf<Name extends FeatureName> = Name extends keyof LicensedFeatures
  ? LicensedFeatures[Name]
  : FeatureValue;
