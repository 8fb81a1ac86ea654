import { EditionLadder } from '../core/editions.js';
import { LicenseError } from '../core/errors.js';
import { parseNatsUrl } from '../distribution/nats-options.js';
import { parseEncryptionKeys } from '../protocol/encryption-keys.js';
import { parseLicenseText } from '../protocol/license-text.js';
import { subjectsFor } from '../protocol/messages.js';
import { TrustedKeyRing } from '../protocol/trusted-keys.js';
import type { LicenseAdapters, LicenseModuleOptions, RefusalOptions } from './license.options.js';
import { didYouMean } from './nearest-name.js';

// Records, so that the compiler misses none.
const optionNames: Record<keyof LicenseModuleOptions, true> = {
  product: true,
  trustedKeys: true,
  allowEnvTrust: true,
  encryptionKeys: true,
  license: true,
  editions: true,
  features: true,
  advisory: true,
  community: true,
  keyPath: true,
  keyDirectory: true,
  deploymentId: true,
  nats: true,
  subjectPrefix: true,
  bootstrapTimeoutMs: true,
  refusal: true,
  environment: true,
  adapters: true,
};
const refusalNames: Record<keyof RefusalOptions, true> = { status: true, message: true, upgradeUrl: true };
const adapterNames: Record<keyof LicenseAdapters, true> = { clock: true, store: true, source: true };

/**
 * Checks everything that was written in code, and reports all of it at once: a program that is wrong should not start.
 *
 * @param alsoKnown names beside the options that Nest takes out itself
 * @throws {CONFIGURATION_INVALID} with one problem per option
 */
export function assertOptions(options: LicenseModuleOptions, alsoKnown: readonly string[] = []): void {
  const problems = isObject(options)
    ? problemsOf(options, alsoKnown)
    : [`expected an object of options, found ${options === null ? 'null' : typeof options}`];
  if (problems.length === 0) return;
  throw new LicenseError('CONFIGURATION_INVALID', `LicenseModule options: ${problems.join('; ')}`, {
    problems,
  });
}

function problemsOf(options: LicenseModuleOptions, alsoKnown: readonly string[]): string[] {
  const { trustedKeys, encryptionKeys, license, editions, nats, subjectPrefix, community, refusal } = options;
  const check = new OptionCheck();
  check.names('', options, [...Object.keys(optionNames), ...alsoKnown]);
  for (const name of ['product', 'keyPath', 'keyDirectory', 'deploymentId'] as const) {
    check.expect(name, options[name], isText, 'a non-empty string');
  }
  check.expect('allowEnvTrust', options.allowEnvTrust, isBoolean, 'true or false');
  check.parse('trustedKeys', trustedKeys, (keys) => TrustedKeyRing.from(keys));
  check.parse('encryptionKeys', encryptionKeys, parseEncryptionKeys);
  check.parse('license', license, parseLicenseText);
  check.parse('editions', editions, (names) => new EditionLadder(names));
  if (check.expect('features', options.features, isListOfText, 'a list of names'))
    checkAdvisory(options, check);
  checkNats(nats, check);
  check.parse('subjectPrefix', subjectPrefix, subjectsFor);
  if (check.expect('community', community, isObject, 'an object with "limits"')) {
    check.names('community.', community, ['limits']);
    for (const [name, limit] of Object.entries(community?.limits ?? {})) {
      check.expect(`community.limits.${name}`, limit, isLimit, 'a whole number, -1 for unlimited');
    }
  }
  check.expect('bootstrapTimeoutMs', options.bootstrapTimeoutMs, isTimeout, '0 to 60000');
  if (check.expect('refusal', refusal, isObject, 'an object')) {
    check.names('refusal.', refusal, Object.keys(refusalNames));
    check.expect('refusal.status', refusal?.status, isClientError, 'a status from 400 to 499');
    check.expect('refusal.message', refusal?.message, isFunction, 'a function that returns the sentence');
    check.expect('refusal.upgradeUrl', refusal?.upgradeUrl, isText, 'a non-empty string');
  }
  check.expect('environment', options.environment, isObject, 'variables by name');
  if (check.expect('adapters', options.adapters, isObject, 'an object')) {
    check.names('adapters.', options.adapters, Object.keys(adapterNames));
  }
  return check.problems;
}

function checkNats(nats: LicenseModuleOptions['nats'], check: OptionCheck): void {
  if (nats === undefined || nats === false) return;
  if (!check.expect('nats', nats, isObject, 'false, or the options of the NATS transport')) return;
  const servers: unknown = nats.servers ?? null;
  if (!check.expect('nats.servers', servers, isListOfText, 'a list of addresses')) return;
  check.parse('nats.servers', nats.servers, (addresses) => parseNatsUrl(addresses.join()));
}

function checkAdvisory({ advisory, features }: LicenseModuleOptions, check: OptionCheck): void {
  if (!check.expect('advisory', advisory, isListOfText, 'a list of names of features')) return;
  for (const name of advisory ?? []) {
    if (features === undefined || features.includes(name)) continue;
    check.problems.push(`advisory: ${name} is none of the features${didYouMean(name, features)}`);
  }
}

/** Collects what is wrong. An option that is not set is never wrong. */
class OptionCheck {
  readonly problems: string[] = [];

  /** @returns whether the value is not set, or fits */
  expect(name: string, value: unknown, fits: (value: unknown) => boolean, expected: string): boolean {
    if (value === undefined || fits(value)) return true;
    this.problems.push(`${name}: expected ${expected}`);
    return false;
  }

  parse<T>(name: string, value: T | undefined, parse: (value: T) => unknown): void {
    if (value === undefined) return;
    try {
      parse(value);
    } catch (error) {
      this.problems.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  names(prefix: string, value: object | undefined, known: readonly string[]): void {
    for (const name of Object.keys(value ?? {})) {
      if (known.includes(name)) continue;
      this.problems.push(`${prefix}${name}: there is no such option${didYouMean(name, known)}`);
    }
  }
}

const isBoolean = (value: unknown): boolean => typeof value === 'boolean';
const isFunction = (value: unknown): boolean => typeof value === 'function';
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isListOfText = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const isLimit = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= -1;
const isTimeout = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value <= 60_000;
const isClientError = (value: unknown): boolean =>
  Number.isInteger(value) && Number(value) >= 400 && Number(value) <= 499;
