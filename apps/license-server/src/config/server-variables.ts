import { hostname } from 'node:os';

import { IsIn, IsPort, MaxLength, NotEquals } from 'class-validator';

import {
  defaultSubjectPrefix,
  LicenseError,
  parseDuration,
  parseEncryptionKeys,
  subjectsFor,
  TrustedKeyRing,
} from '@latchkey/license/protocol';

import { Reads } from './reads.js';

export const logLevels = ['error', 'warn', 'info', 'debug'] as const;
export const logFormats = ['pretty', 'json'] as const;

/** Variables that may also be given as `<name>_FILE`: the path of a file that holds the value. */
export const variablesWithFile: ReadonlySet<string> = new Set([
  'LICENSE_ENCRYPTION_KEYS',
  'LICENSE_PUBLIC_KEYS',
]);

/**
 * The environment variables of the license-server as text: their names, their defaults and the rules they obey.
 * Those of NATS are read by the library, the same way on every side.
 */
export class ServerVariables {
  /** `kid:key,kid:key`: the first seals. Required. */
  @Reads(required(parseEncryptionKeys))
  readonly LICENSE_ENCRYPTION_KEYS: string = '';

  /** The file they came from, if any. It is watched: rotating them takes no restart. */
  readonly LICENSE_ENCRYPTION_KEYS_FILE: string | undefined = undefined;

  /** The vendor's public keys, PEM or JWK Set. Required. */
  @Reads(required((text) => TrustedKeyRing.from(text)))
  readonly LICENSE_PUBLIC_KEYS: string = '';

  /** Path of the license file. */
  readonly LICENSE_PATH: string | undefined = undefined;

  /** The text of the license, instead of a file. It cannot be renewed without a restart. */
  readonly LICENSE: string | undefined = undefined;

  /** Path of the vendor's revocation list; none when not set. */
  readonly LICENSE_REVOCATIONS_PATH: string | undefined = undefined;

  /** The one product whose licenses are served; any product of a trusted key when not set. */
  readonly LICENSE_PRODUCT: string | undefined = undefined;

  /** This deployment's id. Judged by the instances; the server only reports a license meant for others. */
  readonly LICENSE_DEPLOYMENT_ID: string | undefined = undefined;

  /** Time between two broadcasts, 1 s to 1 h. */
  @Reads(publishInterval)
  readonly LICENSE_PUBLISH_INTERVAL: string = '5m';

  /** The name of this server, for people; it travels in every envelope. */
  @MaxLength(128, { message: 'expected at most 128 characters' })
  readonly LICENSE_SERVER_ID: string = hostname();

  /** First part of all subjects and of the queue group. */
  @Reads(subjectsFor)
  readonly LICENSE_SUBJECT_PREFIX: string = defaultSubjectPrefix;

  @NotEquals('off', { message: 'expected the address of a broker, found "off": a license-server needs one' })
  readonly NATS_URL: string | undefined = undefined;

  readonly HTTP_HOST: string = '127.0.0.1';

  /** 0 takes any free port. */
  @IsPort({ message: 'expected a port from 0 to 65535, found "$value"' })
  readonly HTTP_PORT: string = '7420';

  @IsIn(logLevels, { message: `expected one of ${logLevels.join(', ')}, found "$value"` })
  readonly LOG_LEVEL: (typeof logLevels)[number] = 'info';

  @IsIn(logFormats, { message: `expected one of ${logFormats.join(', ')}, found "$value"` })
  readonly LOG_FORMAT: (typeof logFormats)[number] = 'pretty';
}

/**
 * Reads `LICENSE_PUBLISH_INTERVAL`.
 *
 * @returns milliseconds
 * @throws {CONFIGURATION_INVALID} when it is no duration, below 1 s or above 1 h
 */
export function publishInterval(text: string): number {
  const ms = parseDuration(text);
  if (ms < 1000 || ms > 3_600_000) {
    throw new LicenseError('CONFIGURATION_INVALID', `expected a duration from 1s to 1h, found "${text}"`);
  }
  return ms;
}

function required(parse: (text: string) => unknown): (text: string) => unknown {
  return (text) => {
    if (text === '') {
      throw new LicenseError(
        'CONFIGURATION_INVALID',
        'expected a value, found none: set it, or its _FILE variant',
      );
    }
    return parse(text);
  };
}
