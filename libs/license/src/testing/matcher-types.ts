import type { LicenseErrorCode } from '../core/errors.js';
import type { LicenseReason } from '../core/status.js';
import type { RefusalCode } from '../nest/license.exception.js';

/** The matchers as `expect()` offers them, for the type declarations of other test runners. */
export interface LicenseMatchers<Result> {
  /**
   * A license is in force, and of this very edition, if one is given. For a LicenseService or its status.
   *
   * @example expect(app.get(LicenseService)).toBeLicensed('enterprise');
   */
  toBeLicensed(edition?: string): Result;
  /**
   * No license is in force, for this reason, if one is given. For a LicenseService or its status.
   *
   * @example expect(app.get(LicenseService)).toBeCommunity('expired');
   */
  toBeCommunity(reason?: LicenseReason): Result;
  /**
   * A refusal with this code: the parsed body, a response with a parsed `body` (supertest), or what was thrown.
   *
   * @example expect(await response.json()).toBeRefusedWith('LICENSE_FEATURE_REQUIRED');
   */
  toBeRefusedWith(code: RefusalCode): Result;
  /**
   * A function that throws an error with this code; after `.rejects`, a promise.
   *
   * @example expect(() => license.assertWithinLimit('apps', 11)).toThrowWithCode('LICENSE_LIMIT_EXCEEDED');
   */
  toThrowWithCode(code: RefusalCode | LicenseErrorCode): Result;
}

// With @types/jest, whose expect() is global.
declare global {
  namespace jest {
    interface Matchers<R, T = {}> extends LicenseMatchers<R> {}
  }
}

// With @jest/globals. A declaration file may add to a module that nobody loads; this one may only when told so.
// @ts-ignore
declare module '@jest/expect' {
  interface Matchers<R extends void | Promise<void>, T = unknown> extends LicenseMatchers<R> {}
}
