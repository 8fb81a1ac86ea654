import type { INestApplicationContext } from '@nestjs/common';

import { LicenseError } from '../core/errors.js';
import { LicenseInventory, type GatedHandler } from '../nest/license.inventory.js';
import type { FeatureName } from '../nest/licensed-names.js';
import { didYouMean } from '../nest/nearest-name.js';

/** What is gated without a decorator. */
export interface GatedInCode {
  /** Features that code asks for itself, with `hasFeature()` or `feature()`. Name them, so that nobody forgets one. */
  readonly inCode?: readonly FeatureName[];
}

/**
 * Proves that no licensed feature ships ungated, in a test of the app: every feature is required by a handler, or said to
 * be asked for in code, and no gate asks for a feature that is not sold.
 *
 * @param app the whole application, initialized
 * @param features all features that the product sells
 * @throws {CONFIGURATION_INVALID} naming every feature without a gate and every gate without a feature
 */
export function expectAllFeaturesGated(
  app: INestApplicationContext,
  features: readonly FeatureName[],
  { inCode = [] }: GatedInCode = {},
): void {
  const gates = app.get(LicenseInventory, { strict: false }).gates();
  const problems = [
    ...(features.length === 0 ? ['expected the features that the product sells, found none'] : []),
    ...features.flatMap((feature) => ungated(feature, gates, inCode)),
    ...gates.flatMap((gate) => unsold(gate, features)),
    ...inCode
      .filter((feature) => !features.includes(feature))
      .map((feature) => `inCode: ${feature} is no licensed feature${didYouMean(feature, features)}`),
  ];
  if (problems.length === 0) return;
  throw new LicenseError('CONFIGURATION_INVALID', `licensed features:\n- ${problems.join('\n- ')}`, {
    problems,
  });
}

function ungated(
  feature: string,
  gates: readonly GatedHandler[],
  inCode: readonly string[],
): readonly string[] {
  if (inCode.includes(feature) || gates.some((gate) => featuresOf(gate).includes(feature))) return [];
  const fix = `add @RequireFeature('${feature}') to its handlers, or name it in { inCode: ['${feature}'] }`;
  return [`${feature}: no handler requires it: ${fix}`];
}

function unsold(gate: GatedHandler, features: readonly string[]): readonly string[] {
  return featuresOf(gate)
    .filter((feature) => !features.includes(feature))
    .map((feature) => {
      const where = `${gate.class}.${gate.handler} (${gate.kind} ${gate.pattern})`;
      return `${where}: it requires ${feature}, which is no licensed feature${didYouMean(feature, features)}`;
    });
}

function featuresOf({ requirements }: GatedHandler): readonly string[] {
  return requirements.flatMap((requirement) => (requirement.kind === 'feature' ? requirement.feature : []));
}
