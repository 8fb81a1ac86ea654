// Compiled, never run: the types of every entry point are found by the module resolution of this app.
import type { LicenseStatus } from '@latchkey/license';
import type { SigningKey } from '@latchkey/license/issuing';
import type { TrustedKeyRing } from '@latchkey/license/protocol';
import type { TestIssuer } from '@latchkey/license/testing';

/** Wrong here: a type that was not found would be `any`, and `any` takes a number. */
export type AllFound = [
  number extends LicenseStatus ? never : true,
  number extends SigningKey ? never : true,
  number extends TrustedKeyRing ? never : true,
  number extends TestIssuer ? never : true,
];
export const allFound: AllFound = [true, true, true, true];
