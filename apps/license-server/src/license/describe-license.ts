import type { License, SignedLicense, Standing } from '@latchkey/license/protocol';

/** A license in half a line for the log. Names no customer. */
export function describeLicense({ license, kid }: SignedLicense): string {
  return `license ${license.id} (serial ${license.serial}, ${license.product}, ${license.edition}, ${endOf(license)}, signed with key ${kid})`;
}

/** What a standing other than active means for the operator. */
export const standingText: Readonly<Record<Exclude<Standing, 'active'>, string>> = Object.freeze({
  'not-yet-valid': 'is not valid yet, so services do not use it; if it should be, check the system clock',
  grace: 'has ended and is in its grace period: install its renewal',
  expired: 'has expired, so services run as community edition: install its renewal',
});

/** Date and time in UTC, or null for "never". */
export function dateOrNull(ms: number): string | null {
  return Number.isFinite(ms) ? new Date(ms).toISOString() : null;
}

function endOf({ softEndMs, hardEndMs }: License): string {
  const end = dateOrNull(softEndMs);
  if (end === null) return 'perpetual';
  return softEndMs === hardEndMs ? `ends ${end}` : `ends ${end}, grace until ${dateOrNull(hardEndMs)}`;
}
