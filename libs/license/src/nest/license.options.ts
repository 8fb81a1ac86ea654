import type { Clock } from '../core/clock.js';
import { EditionLadder } from '../core/editions.js';
import { LicenseError } from '../core/errors.js';
import type { LicenseSource } from '../distribution/license-source.js';
import { parseNatsUrl, type NatsTransportOptions } from '../distribution/nats-options.js';
import { parseEncryptionKeys } from '../protocol/encryption-keys.js';
import { subjectsFor } from '../protocol/messages.js';
import { TrustedKeyRing, type TrustedKeyInput } from '../protocol/trusted-keys.js';
import type { Environment } from '../store/environment.js';
import type { LicenseStore } from '../store/license-store.js';

/** How refusals look to the one who is refused. */
export interface RefusalOptions {
  /** HTTP status, default 402 (Payment Required); 403 for those who prefer it. */
  readonly status?: number;
  /** Replaces the sentence of the body. Gets the default one. */
  readonly message?: (defaultMessage: string) => string;
  /** Where to get a license; added to the body as `upgradeUrl`. */
  readonly upgradeUrl?: string;
}

/** Parts of the module that can be replaced, for tests and unusual hosts. */
export interface LicenseAdapters {
  readonly clock?: Clock;
  /** Where the key file is kept; null keeps none. Default: a file. */
  readonly store?: LicenseStore | null;
  /** Where licenses come from; null for nowhere. Default: NATS. */
  readonly source?: LicenseSource | null;
}

/**
 * Options of {@link LicenseModule.forRoot}. What is set here wins over the environment; everything else is read
 * from the variables of `docs/protocol.md`, section 8.
 */
export interface LicenseModuleOptions {
  /** The product (`aud`) a license must be for. Default `LICENSE_PRODUCT`; with neither, any product of a trusted key passes, and a warning says so. */
  readonly product?: string;
  /**
   * The vendor's public keys: JWK Set, JWK, or PEM. Set here they are pinned: the environment cannot add to them.
   * Without them `LICENSE_PUBLIC_KEYS` is used, and whoever sets the environment can issue licenses.
   */
  readonly trustedKeys?: TrustedKeyInput;
  /** Take `LICENSE_PUBLIC_KEYS` in addition to pinned keys. Default false. */
  readonly allowEnvTrust?: boolean;
  /** The deployment's encryption keys, as `LICENSE_ENCRYPTION_KEYS` spells them. Default: that variable. */
  readonly encryptionKeys?: string;
  /** Editions, lowest first. Default community, professional, enterprise, flagship. */
  readonly editions?: readonly string[];
  /** What holds while no license is in force. */
  readonly community?: { readonly limits?: Readonly<Record<string, number>> };
  /** The key file. Default `LICENSE_KEY_PATH`, else `~/<keyDirectory>/license.key`, else `./license.key`. */
  readonly keyPath?: string;
  /** Directory below the home directory that holds the key file. Default `.ai-agent-os`. */
  readonly keyDirectory?: string;
  /** The id of this deployment. Default `LICENSE_DEPLOYMENT_ID`. */
  readonly deploymentId?: string;
  /** NATS connection as Nest's transport takes it, or false for none. Default: the `NATS_…` variables. */
  readonly nats?: false | NatsTransportOptions;
  /** Default `LICENSE_SUBJECT_PREFIX`, else `license`. */
  readonly subjectPrefix?: string;
  /** Longest wait for a first answer, in milliseconds, 0 to 60 000. Default 10 000. The app listens meanwhile. */
  readonly bootstrapTimeoutMs?: number;
  readonly refusal?: RefusalOptions;
  /** Default `process.env`. */
  readonly environment?: Environment;
  readonly adapters?: LicenseAdapters;
}

/**
 * Checks everything that was written in code, and reports all of it at once: a program that is wrong should not start.
 *
 * @throws {CONFIGURATION_INVALID} with one problem per option
 */
export function assertOptions(options: LicenseModuleOptions): void {
  const problems: string[] = [];
  const check = (name: string, task: () => unknown): void => {
    try {
      task();
    } catch (error) {
      problems.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const expect = (name: string, fits: boolean, expected: string): void => {
    if (!fits) problems.push(`${name}: expected ${expected}`);
  };
  const { trustedKeys, encryptionKeys, editions, nats, subjectPrefix, bootstrapTimeoutMs, refusal } = options;
  for (const name of ['product', 'keyPath', 'keyDirectory', 'deploymentId'] as const) {
    const value: unknown = options[name];
    expect(name, value === undefined || (typeof value === 'string' && value !== ''), 'a non-empty string');
  }
  if (trustedKeys !== undefined) check('trustedKeys', () => TrustedKeyRing.from(trustedKeys));
  if (encryptionKeys !== undefined) check('encryptionKeys', () => parseEncryptionKeys(encryptionKeys));
  if (editions !== undefined) check('editions', () => new EditionLadder(editions));
  if (nats) check('nats.servers', () => parseNatsUrl(nats.servers.join()));
  if (subjectPrefix !== undefined) check('subjectPrefix', () => subjectsFor(subjectPrefix));
  for (const [name, limit] of Object.entries(options.community?.limits ?? {})) {
    expect(
      `community.limits.${name}`,
      Number.isSafeInteger(limit) && limit >= -1,
      'a whole number, -1 for unlimited',
    );
  }
  expect(
    'bootstrapTimeoutMs',
    bootstrapTimeoutMs === undefined || (bootstrapTimeoutMs >= 0 && bootstrapTimeoutMs <= 60_000),
    '0 to 60000',
  );
  const status = refusal?.status ?? 402;
  expect(
    'refusal.status',
    Number.isInteger(status) && status >= 400 && status <= 499,
    'a status from 400 to 499',
  );
  if (problems.length > 0) {
    throw new LicenseError('CONFIGURATION_INVALID', `LicenseModule options: ${problems.join('; ')}`, {
      problems,
    });
  }
}
