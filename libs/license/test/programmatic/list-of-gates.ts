import type { INestApplicationContext } from '@nestjs/common';
import { LicenseInventory } from '@latchkey/license';

/** One line per gated way into the app. */
export function listOfGates(app: INestApplicationContext): string {
  const lines = app
    .get(LicenseInventory)
    .gates()
    .map(({ kind, pattern, requirements, communityAllowed }) => {
      const needs = requirements.map((one) => (one.kind === 'edition' ? one.edition : one.feature));
      return `${kind} ${pattern}: ${communityAllowed ? 'open' : needs.join(' + ')}`;
    });
  return lines.join('\n');
}
