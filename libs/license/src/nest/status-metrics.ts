import { licenseStates, type LicenseStatus } from '../core/status.js';
import type { Metric, MetricSample } from './metric.js';

type Read<Value> = (status: LicenseStatus) => Value;

/**
 * What a status says in numbers.
 *
 * @param status asked for each value; null before the application is initialized
 */
export function statusMetrics(status: () => LicenseStatus | null): readonly Metric[] {
  const gauge = (
    name: string,
    help: string,
    labelNames: readonly string[],
    read: Read<readonly MetricSample[]>,
  ): Metric => ({
    name: `latchkey_license_${name}`,
    help,
    type: 'gauge',
    labelNames,
    samples: () => {
      const now = status();
      return now === null ? [] : read(now);
    },
  });
  const value = (name: string, help: string, read: Read<number | boolean | null>): Metric =>
    gauge(name, help, [], (now) => {
      const found = read(now);
      return found === null ? [] : [{ labels: {}, value: Number(found) }];
    });
  return [
    value('active', 'Whether a license is in force.', ({ active }) => active),
    gauge('state', 'The state of the license: 1 for the present one, 0 for the others.', ['state'], (now) =>
      licenseStates.map((state) => ({ labels: { state }, value: Number(state === now.state) })),
    ),
    gauge(
      'info',
      'The edition in effect and the reason for the state; always 1.',
      ['edition', 'reason'],
      ({ edition, reason }) => [{ labels: { edition, reason }, value: 1 }],
    ),
    value(
      'expires_timestamp_seconds',
      'When the license ends and its grace period, if any, begins; absent for perpetual ones.',
      ({ expiresAt }) => secondsOf(expiresAt),
    ),
    value(
      'grace_ends_timestamp_seconds',
      'When the grace period ends; absent without one.',
      ({ graceEndsAt }) => secondsOf(graceEndsAt),
    ),
    value(
      'serial',
      'The serial of the license: the same on every instance that has the newest.',
      ({ license }) => license?.serial ?? null,
    ),
    value(
      'fresh',
      'Whether a license-server was heard in the last 15 minutes.',
      ({ freshness }) => freshness === 'fresh',
    ),
    value('persisted', 'Whether the key file on disk holds what is in force.', ({ persisted }) => persisted),
    value(
      'clock_rolled_back',
      'Whether the system clock stands before the last time the vendor signed.',
      ({ clockRolledBack }) => clockRolledBack,
    ),
    value(
      'clock_offset_seconds',
      'Clock of the license-server minus own clock at the last word heard; absent before any.',
      ({ clockOffsetMs }) => (clockOffsetMs === null ? null : clockOffsetMs / 1000),
    ),
  ];
}

function secondsOf(date: Date | null): number | null {
  return date === null ? null : date.getTime() / 1000;
}
