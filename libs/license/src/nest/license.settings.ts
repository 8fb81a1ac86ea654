import { systemClock, type Clock } from '../core/clock.js';
import { EditionLadder } from '../core/editions.js';
import { frozenRecord } from '../core/records.js';
import { natsOptionsFromEnvironment, type NatsTransportOptions } from '../distribution/nats-options.js';
import { parseEncryptionKeys, type EncryptionKeyRing } from '../protocol/encryption-keys.js';
import { parseLicenseText } from '../protocol/license-text.js';
import { defaultSubjectPrefix, subjectsFor, type Subjects } from '../protocol/messages.js';
import { TrustedKeyRing } from '../protocol/trusted-keys.js';
import { readVariable, type Environment } from '../store/environment.js';
import { keyFilePaths } from '../store/key-file-paths.js';
import { readTextFile } from '../store/read-file.js';
import type { LicenseAdapters, LicenseModuleOptions, RefusalOptions } from './license.options.js';

/** Injection token of {@link LicenseSettings}. */
export const LICENSE_SETTINGS = Symbol('LICENSE_SETTINGS');

const defaultBootstrapTimeoutMs = 10_000;

/** Options and environment, read and resolved once at start. */
export interface LicenseSettings {
  /** False when nobody asked for licensing: no variable, no key in code beyond the pinned ones. */
  readonly configured: boolean;
  /** What is set and cannot be used, one line each; never a value. */
  readonly problems: readonly string[];
  /** What works, and somebody may want to know. */
  readonly warnings: readonly string[];
  readonly product: string | null;
  readonly deploymentId: string | null;
  readonly editions: EditionLadder;
  /** The features that the product sells; null when any name passes. */
  readonly features: readonly string[] | null;
  /** The features whose gates only count. */
  readonly advisory: readonly string[];
  readonly communityLimits: Readonly<Record<string, number>>;
  readonly trustedKeys: TrustedKeyRing | null;
  readonly encryptionKeys: EncryptionKeyRing | null;
  /** The file they came from, which is watched: rotating keys needs no restart. Null when they came from elsewhere. */
  readonly encryptionKeysFile: string | null;
  /** The signed license given in code or in the environment (compact JWS), if any. */
  readonly license: string | null;
  readonly keyPaths: readonly string[];
  /** Null for no NATS. */
  readonly nats: NatsTransportOptions | null;
  readonly subjects: Subjects;
  readonly bootstrapTimeoutMs: number;
  readonly refusal: RefusalOptions;
  readonly clock: Clock;
  readonly adapters: LicenseAdapters;
}

/**
 * Resolves options and environment. Never throws for the environment: what is wrong there is a problem to report,
 * and whatever still works does (a wrong NATS_URL does not cost an instance its local key).
 */
export function resolveSettings(options: LicenseModuleOptions): LicenseSettings {
  const env = options.environment ?? process.env;
  const reader = new EnvironmentReader(env);
  const { problems, warnings } = reader;
  const encryptionKeys = reader.attempt('LICENSE_ENCRYPTION_KEYS', (name) => {
    const text = options.encryptionKeys ?? readVariable(env, name, reader.warn);
    return text === undefined ? null : parseEncryptionKeys(text);
  });
  const trustedKeys = trustedKeysFrom(options, reader);
  const license = reader.attempt('LICENSE', () => licenseFrom(options, env, reader.warn));
  const product = options.product ?? (env['LICENSE_PRODUCT'] || null);
  const inCode = options.encryptionKeys !== undefined || options.license !== undefined;
  const configured = inCode || reader.anyLicenseVariable;
  if (configured && trustedKeys === null && !reader.failed('LICENSE_PUBLIC_KEYS')) {
    problems.push(
      'LICENSE_PUBLIC_KEYS: expected the vendor\'s public keys here or as "trustedKeys", found none',
    );
  }
  const anythingToOpen = encryptionKeys !== null || license !== null;
  if (
    configured &&
    !anythingToOpen &&
    !reader.failed('LICENSE_ENCRYPTION_KEYS') &&
    !reader.failed('LICENSE')
  ) {
    problems.push('LICENSE_ENCRYPTION_KEYS: expected the keys of this deployment, found none');
  }
  if (configured && product === null) {
    warnings.push('no product is set: a license for any product of a trusted key is accepted');
  }
  const prefix = options.subjectPrefix ?? (env['LICENSE_SUBJECT_PREFIX'] || defaultSubjectPrefix);
  return {
    configured,
    problems,
    warnings,
    product,
    deploymentId: options.deploymentId ?? (env['LICENSE_DEPLOYMENT_ID'] || null),
    editions: new EditionLadder(options.editions),
    features: options.features ?? null,
    advisory: options.advisory ?? [],
    communityLimits: limitsFrom(options),
    trustedKeys,
    encryptionKeys,
    encryptionKeysFile:
      options.encryptionKeys === undefined ? env['LICENSE_ENCRYPTION_KEYS_FILE'] || null : null,
    license,
    keyPaths: keyFilePaths(options.keyPath ?? (env['LICENSE_KEY_PATH'] || null), options.keyDirectory),
    nats: configured ? natsFrom(options, env, reader) : null,
    subjects:
      reader.attempt('LICENSE_SUBJECT_PREFIX', () => subjectsFor(prefix)) ??
      subjectsFor(defaultSubjectPrefix),
    bootstrapTimeoutMs: options.bootstrapTimeoutMs ?? defaultBootstrapTimeoutMs,
    refusal: options.refusal ?? {},
    clock: options.adapters?.clock ?? systemClock,
    adapters: options.adapters ?? {},
  };
}

function trustedKeysFrom(options: LicenseModuleOptions, reader: EnvironmentReader): TrustedKeyRing | null {
  const pinned = options.trustedKeys === undefined ? null : TrustedKeyRing.from(options.trustedKeys);
  if (pinned !== null && options.allowEnvTrust !== true) return pinned;
  const given = reader.attempt('LICENSE_PUBLIC_KEYS', (name) => {
    const text = readVariable(reader.env, name, reader.warn);
    if (text === undefined) return null;
    reader.warn(
      `${name}: whoever sets this variable can issue licenses; pin the vendor's keys in code as "trustedKeys"`,
    );
    const { trustedKeys = [] } = options;
    return TrustedKeyRing.from([trustedKeys, text].flat());
  });
  return given ?? pinned;
}

function limitsFrom({ community }: LicenseModuleOptions): Readonly<Record<string, number>> {
  const set = Object.entries<number | undefined>(community?.limits ?? {}).filter(
    (entry): entry is [string, number] => entry[1] !== undefined,
  );
  return frozenRecord(Object.fromEntries(set));
}

function licenseFrom(
  options: LicenseModuleOptions,
  env: Environment,
  warn: (message: string) => void,
): string | null {
  const text = (options.license ?? env['LICENSE']) || null;
  const path = env['LICENSE_PATH'] || null;
  if (text !== null) return parseLicenseText(text);
  return path === null ? null : parseLicenseText(readTextFile(path, 'LICENSE_PATH', warn));
}

function natsFrom(
  options: LicenseModuleOptions,
  env: Environment,
  reader: EnvironmentReader,
): NatsTransportOptions | null {
  if (options.nats === false || (options.nats === undefined && env['NATS_URL'] === 'off')) return null;
  const nats = options.nats ?? reader.attempt('NATS', () => natsOptionsFromEnvironment(env));
  if (nats === null) return null;
  return { name: env['SERVICE_NAME'] || 'license', inboxPrefix: '_INBOX_instance', ...nats };
}

/** Reads the environment and collects what is wrong with it. */
class EnvironmentReader {
  readonly problems: string[] = [];
  readonly warnings: string[] = [];
  readonly warn = (message: string): void => void this.warnings.push(message);
  readonly #failed = new Set<string>();

  constructor(readonly env: Environment) {}

  get anyLicenseVariable(): boolean {
    return Object.entries(this.env).some(([name, value]) => /^LICENSE(_|$)/.test(name) && Boolean(value));
  }

  failed(name: string): boolean {
    return this.#failed.has(name);
  }

  attempt<T>(name: string, read: (name: string) => T): T | null {
    try {
      return read(name);
    } catch (error) {
      this.#failed.add(name);
      const message = error instanceof Error ? error.message : String(error);
      this.problems.push(message.startsWith(name) ? message : `${name}: ${message}`);
      return null;
    }
  }
}
