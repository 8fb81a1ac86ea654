import { licenseStates, type LicenseStatus } from '../core/status.js';

/** One value of a metric. */
export interface MetricSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric with all its present values. Every label takes a small, fixed set of values. */
export interface MetricFamily {
  /** By the conventions of Prometheus: base units, `_total` for counters. */
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'counter';
  readonly labelNames: readonly string[];
  /** Empty when there is nothing to say, such as the end of a perpetual license. */
  readonly samples: readonly MetricSample[];
}

/** What a status says in numbers. */
export function statusFamilies(status: LicenseStatus): readonly MetricFamily[] {
  const { active, edition, reason, state, expiresAt, graceEndsAt, license } = status;
  return [
    gauge('latchkey_license_active', 'Whether a license is in force.', Number(active)),
    {
      name: 'latchkey_license_state',
      help: 'The state of the license: 1 for the present one, 0 for the others.',
      type: 'gauge',
      labelNames: ['state'],
      samples: licenseStates.map((name) => ({ labels: { state: name }, value: Number(name === state) })),
    },
    {
      name: 'latchkey_license_info',
      help: 'The edition in effect and the reason for the state; always 1.',
      type: 'gauge',
      labelNames: ['edition', 'reason'],
      samples: [{ labels: { edition, reason }, value: 1 }],
    },
    gauge(
      'latchkey_license_expires_timestamp_seconds',
      'When the license ends and its grace period, if any, begins; absent for perpetual ones.',
      secondsOf(expiresAt),
    ),
    gauge(
      'latchkey_license_grace_ends_timestamp_seconds',
      'When the grace period ends; absent without one.',
      secondsOf(graceEndsAt),
    ),
    gauge(
      'latchkey_license_serial',
      'The serial of the license: the same on every instance that has the newest.',
      license?.serial ?? null,
    ),
    gauge(
      'latchkey_license_fresh',
      'Whether a license-server was heard in the last 15 minutes.',
      Number(status.freshness === 'fresh'),
    ),
    gauge(
      'latchkey_license_persisted',
      'Whether the key file on disk holds what is in force.',
      Number(status.persisted),
    ),
    gauge(
      'latchkey_license_clock_rolled_back',
      'Whether the system clock stands before the last time the vendor signed.',
      Number(status.clockRolledBack),
    ),
    gauge(
      'latchkey_license_clock_offset_seconds',
      'Clock of the license-server minus own clock at the last word heard; absent before any.',
      status.clockOffsetMs === null ? null : status.clockOffsetMs / 1000,
    ),
  ];
}

function gauge(name: string, help: string, value: number | null): MetricFamily {
  const samples = value === null ? [] : [{ labels: {}, value }];
  return { name, help, type: 'gauge', labelNames: [], samples };
}

function secondsOf(date: Date | null): number | null {
  return date === null ? null : date.getTime() / 1000;
}
