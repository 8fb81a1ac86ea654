import { Inject, Injectable } from '@nestjs/common';

import type { LicenseReason, LicenseState, LicenseStatus } from '../core/status.js';
import { LicenseService } from './license.service.js';

/** What a health check shows of the license: no customer, no ids. */
export interface LicenseHealth {
  /** Always `up`: a license never decides whether a service is alive or ready. */
  readonly status: 'up';
  /** Is a license in force? */
  readonly active: boolean;
  /** What the instance believes. */
  readonly state: LicenseState;
  /** Why. */
  readonly reason: LicenseReason;
  /** The edition in effect. */
  readonly edition: string;
  /** ISO 8601; null for perpetual, or without a license. */
  readonly expiresAt: string | null;
  /** ISO 8601; null without a grace period. */
  readonly graceEndsAt: string | null;
  /** `fresh`: a license-server was heard in the last 15 minutes. */
  readonly freshness: LicenseStatus['freshness'];
}

/**
 * The license in the health check of `@nestjs/terminus`: informational, never down.
 *
 * @example
 * this.health.check([() => this.license.check()])
 */
@Injectable()
export class LicenseHealthIndicator {
  /** For Nest. @hidden */
  constructor(@Inject(LicenseService) private readonly license: LicenseService) {}

  /**
   * @param key under which the result appears, default `license`
   * @returns a result of terminus, which is a plain object: this library does not load terminus
   */
  check<Key extends string = 'license'>(key?: Key): Record<Key, LicenseHealth> {
    const { active, state, reason, edition, expiresAt, graceEndsAt, freshness } = this.license.status;
    const health: LicenseHealth = {
      status: 'up',
      active,
      state,
      reason,
      edition,
      expiresAt: expiresAt?.toISOString() ?? null,
      graceEndsAt: graceEndsAt?.toISOString() ?? null,
      freshness,
    };
    return { [key ?? 'license']: health } as Record<Key, LicenseHealth>;
  }
}
