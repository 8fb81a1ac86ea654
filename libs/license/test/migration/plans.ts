/** What is sold, lowest first. */
export const plans = ['free', 'pro', 'business'] as const;
export type Plan = (typeof plans)[number];
export const isPlan = (name: string): name is Plan => plans.some((plan) => plan === name);

export const features = ['reports', 'export'] as const;

/** What the old license server answers. */
export interface OldLicense {
  readonly plan: Plan;
  readonly features: readonly string[];
}
