import { isDeepStrictEqual } from 'node:util';

import {
  openKeyFile,
  openSealedLicense,
  parseEncryptionKeys,
  parseLicenseText,
  TrustedKeyRing,
  verifySignedLicense,
  verifySignedRevocation,
  type License,
  type LicenseClaims,
  type RevocationClaims,
} from '@latchkey/license/protocol';

import type { SealedCase, SignedCase, TextCase } from './vector-file.js';

/** Opens the document of a test. Does it hold what the test says? @throws {LicenseError} when the document is refused */
export type OpenDocument<T> = (test: T) => boolean;

/** For groups of signed licenses. */
export function licenseOpener(trustedKeys: Readonly<Record<string, unknown>>): OpenDocument<SignedCase> {
  const keys = TrustedKeyRing.from(trustedKeys);
  return ({ jws, claims }) => {
    const signed = verifySignedLicense(jws, keys);
    return signed.jws === jws && holds(signed.license, claims as unknown as LicenseClaims);
  };
}

/** Does a license say what its claims say? */
function holds(license: License, claims: LicenseClaims): boolean {
  const { features, limits, ...rest } = license;
  const hardEndMs = milliseconds(claims.exp, Infinity);
  const expected = {
    id: claims.jti,
    issuer: claims.iss,
    product: claims.aud,
    customer: { id: claims.sub, name: claims.customer?.name ?? null },
    serial: claims.serial,
    issuedAtMs: claims.iat * 1000,
    notBeforeMs: milliseconds(claims.nbf, -Infinity),
    softEndMs: milliseconds(claims.license_expires, hardEndMs),
    hardEndMs,
    edition: claims.edition,
    deployments: claims.deployments ?? null,
    trial: claims.trial ?? false,
    nonProduction: claims.non_production ?? false,
  };
  return (
    isDeepStrictEqual({ ...rest }, expected) &&
    isDeepStrictEqual(Object.entries(features), Object.entries(claims.features)) &&
    isDeepStrictEqual(Object.entries(limits), Object.entries(claims.limits))
  );
}

const milliseconds = (seconds: number | undefined, otherwise: number): number =>
  seconds === undefined ? otherwise : seconds * 1000;

/** For groups of signed revocation lists. */
export function revocationOpener(trustedKeys: Readonly<Record<string, unknown>>): OpenDocument<SignedCase> {
  const keys = TrustedKeyRing.from(trustedKeys);
  return ({ jws, claims }) => {
    const { issuer, serial, issuedAtMs, revoked } = verifySignedRevocation(jws, keys);
    const { iss, iat, ...expected } = claims as unknown as RevocationClaims;
    return (
      issuer === iss &&
      serial === expected.serial &&
      issuedAtMs === iat * 1000 &&
      isDeepStrictEqual(revoked, new Set(expected.revoked))
    );
  };
}

/** For groups of sealed licenses. */
export function envelopeOpener(encryptionKeys: Readonly<Record<string, unknown>>): OpenDocument<SealedCase> {
  const ring = parseEncryptionKeys(JSON.stringify(encryptionKeys));
  return ({ sealed, content }) => {
    const { sealedAtMs, ...rest } = openSealedLicense(sealed, ring);
    return isDeepStrictEqual({ v: 1, iat: sealedAtMs / 1000, ...rest }, content);
  };
}

/** For groups of key files. */
export function keyFileOpener(encryptionKeys: Readonly<Record<string, unknown>>): OpenDocument<SealedCase> {
  const ring = parseEncryptionKeys(JSON.stringify(encryptionKeys));
  return ({ sealed, content }) => {
    const { timeFloorMs, ...rest } = openKeyFile(sealed, ring).content;
    return isDeepStrictEqual({ v: 1, timeFloor: timeFloorMs / 1000, ...rest }, content);
  };
}

/** For the texts of license files. */
export function textOpener(license: string): OpenDocument<TextCase> {
  return ({ text }) => parseLicenseText(text) === license;
}
