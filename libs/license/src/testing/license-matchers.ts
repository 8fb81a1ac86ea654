import { inspect } from 'node:util';

import type { LicenseErrorCode } from '../core/errors.js';
import type { LicenseReason, LicenseStatus } from '../core/status.js';
import type { RefusalCode } from '../nest/license.exception.js';
import { refusalIn } from './refusal-in.js';

/** What a matcher tells Jest. `message` is for the case that the expectation fails, also that of `.not`. */
interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/** Matchers for `expect.extend(licenseMatchers)`, in Jest and in whatever has its `expect` (Vitest, untested). */
export const licenseMatchers = Object.freeze({
  /** A license is in force, and of this very edition, if one is given. For a LicenseService or its status. */
  toBeLicensed(received: unknown, edition?: string): MatcherResult {
    const status = statusIn(received);
    const expected = edition === undefined ? 'a license in force' : `the ${edition} edition, licensed`;
    return result(
      status.active && (edition === undefined || status.edition === edition),
      expected,
      describe(status),
    );
  },

  /** No license is in force, for this reason, if one is given. For a LicenseService or its status. */
  toBeCommunity(received: unknown, reason?: LicenseReason): MatcherResult {
    const status = statusIn(received);
    const expected = `no license in force${reason === undefined ? '' : `, for the reason "${reason}"`}`;
    return result(
      !status.active && (reason === undefined || status.reason === reason),
      expected,
      describe(status),
    );
  },

  /** A refusal with this code: the parsed body, a response with a parsed `body`, or what was thrown. */
  toBeRefusedWith(received: unknown, code: RefusalCode): MatcherResult {
    const refusal = refusalIn(received);
    const found = refusal === null ? inspect(received, { depth: 1 }) : `${refusal.code}: ${refusal.message}`;
    return result(refusal?.code === code, `a refusal with the code ${code}`, found);
  },

  /** A function that throws an error with this code; after `.rejects`, a promise. */
  toThrowWithCode(received: unknown, code: RefusalCode | LicenseErrorCode): MatcherResult {
    const thrown = thrownBy(received);
    const found = thrown === null ? 'nothing thrown' : `${codeIn(thrown.error)}: ${String(thrown.error)}`;
    return result(thrown !== null && codeIn(thrown.error) === code, `an error with the code ${code}`, found);
  },
});

function result(pass: boolean, expected: string, found: string): MatcherResult {
  return { pass, message: () => `expected ${pass ? 'anything but ' : ''}${expected}\nfound ${found}` };
}

function describe({ edition, state, reason, message, lastRefusal }: LicenseStatus): string {
  const refused = lastRefusal === null ? '' : `\nlast refusal: ${lastRefusal.code}: ${lastRefusal.message}`;
  return `${edition}, state "${state}", reason "${reason}": ${message}${refused}`;
}

/** @throws {TypeError} when there is none: also `.not` should not pass then */
function statusIn(received: unknown): LicenseStatus {
  for (const candidate of [received, (received as { status?: unknown } | null | undefined)?.status]) {
    if (isStatus(candidate)) return candidate;
  }
  throw new TypeError(
    `expected a LicenseService or its status, such as app.get(LicenseService), found ${inspect(received, { depth: 0 })}`,
  );
}

function isStatus(value: unknown): value is LicenseStatus {
  return typeof value === 'object' && value !== null && 'active' in value && 'reason' in value;
}

/** @throws {TypeError} when nothing can be thrown there: also `.not` should not pass then */
function thrownBy(received: unknown): { readonly error: unknown } | null {
  if (received instanceof Error) return { error: received }; // after .rejects
  if (typeof received !== 'function') {
    throw new TypeError(`expected a function that throws, found ${inspect(received, { depth: 0 })}`);
  }
  let returned: unknown;
  try {
    returned = (received as () => unknown)();
  } catch (error) {
    return { error };
  }
  if (!(returned instanceof Promise)) return null;
  returned.catch(() => undefined); // it is the test that is wrong, and that is said below
  throw new TypeError('expected a function that throws, found one that returns a promise: use .rejects');
}

function codeIn(error: unknown): string {
  const code: unknown = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : 'no code';
}
