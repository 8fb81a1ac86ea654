// What a run of the fuzzer starts from: everything a vendor, a server and their enemies would have at hand. All of
// it is made when the run begins and signed once: a case changes these documents, it never signs one.
import { createCipheriv, createSecretKey, randomBytes } from 'node:crypto';

import {
  generateEncryptionKey,
  generateSigningKey,
  publicJwk,
  signRevocation,
} from '@latchkey/license/issuing';
import {
  openKeyFile,
  openSealedLicense,
  parseEncryptionKeys,
  sealKeyFile,
  sealLicense,
  subjectsFor,
  TrustedKeyRing,
  verifySignedLicense,
  verifySignedRevocation,
} from '@latchkey/license/protocol';

import { forgedLicenses, genuineLicenses, nowS } from './licenses.mjs';
import { attempt, Breach } from './oracle.mjs';

/** When the clock of every case stands, in milliseconds. */
export const startMs = nowS * 1000;
export const subjects = subjectsFor('license');
export const requestId = 'request-1';

/**
 * The documents and keys of one run.
 *
 * @typedef {Awaited<ReturnType<typeof makeCorpus>>} Corpus
 */
export async function makeCorpus() {
  const [present, rs256, retired, stranger] = await Promise.all(
    Array.from({ length: 4 }, () => generateSigningKey(2048)),
  );
  const vendors = { present, rs256: { ...rs256, alg: 'RS256' }, retired, stranger };
  const retiredAt = { ...publicJwk(retired), exp: nowS - 3600 };
  const jwks = { keys: [publicJwk(present), publicJwk(vendors.rs256), retiredAt] };

  const genuine = genuineLicenses(vendors);
  const revocations = genuineRevocations(vendors, genuine);
  const forged = [...forgedLicenses(vendors), ...genuine.map(respelled)];

  const encryptionKey = generateEncryptionKey('2026-11');
  const ring = parseEncryptionKeys(encryptionKey);
  const otherRing = parseEncryptionKeys(generateEncryptionKey('2026-11'));
  const sealRaw = rawSealer(encryptionKey);

  const envelopes = genuine.flatMap(({ jws }, index) => [
    sealLicense({ sealedAtMs: startMs, server: 'server-1', license: jws }, ring),
    sealLicense(
      {
        sealedAtMs: startMs,
        server: 's',
        license: jws,
        revocation: revocations[index % revocations.length].jws,
      },
      ring,
    ),
  ]);
  envelopes.push(sealLicense({ sealedAtMs: startMs, server: 's', license: null }, ring));
  const keyFiles = genuine.map(({ jws }, index) =>
    sealKeyFile(
      {
        license: jws,
        timeFloorMs: startMs - index * 1000,
        ...(index % 2 === 0 ? { next: genuine[(index + 1) % genuine.length].jws } : {}),
        ...(index % 3 === 0 ? { revocation: revocations[index % revocations.length].jws } : {}),
      },
      ring,
    ),
  );
  const strange = genuine.map(({ jws }) =>
    sealLicense({ sealedAtMs: startMs, server: 'stranger', license: jws }, otherRing),
  );

  const corpus = {
    keys: TrustedKeyRing.from(jwks),
    jwks,
    ring,
    encryptionKey,
    sealRaw,
    genuine,
    revocations,
    forged,
    envelopes,
    keyFiles,
    strange,
    /** What the vendor signed and every reader accepts, by its exact text. */
    licenseByText: new Map(genuine.map((license) => [license.jws, license])),
    revocationByText: new Map(revocations.map((list) => [list.jws, list])),
    /** Signed documents, genuine or not: what mutations start from. */
    signedTexts: [...genuine, ...revocations, ...forged].map(({ jws }) => jws),
    /** Sealed documents of either kind, and some that another deployment sealed. */
    sealedTexts: [...envelopes, ...keyFiles, ...strange],
    sealedHere: new Set([...envelopes, ...keyFiles]),
  };
  assertWorthFuzzing(corpus, { envelopes, keyFiles, strange });
  return corpus;
}

/** Where even the originals are refused, or a forgery needs no change to be accepted, nothing is learned. */
function assertWorthFuzzing({ keys, ring, genuine, revocations, forged }, { envelopes, keyFiles, strange }) {
  for (const { jws } of genuine) verifySignedLicense(jws, keys);
  for (const { jws } of revocations) verifySignedRevocation(jws, keys);
  for (const sealed of envelopes) openSealedLicense(sealed, ring);
  for (const sealed of keyFiles) openKeyFile(sealed, ring);
  const refused = [
    ...forged.map(
      ({ jws }) =>
        () =>
          verifySignedLicense(jws, keys),
    ),
    ...strange.map((sealed) => () => openSealedLicense(sealed, ring)),
  ];
  for (const [index, task] of refused.entries()) {
    if (attempt(task, '').value !== undefined) throw new Breach(`forgery ${index} is accepted as it is`);
  }
}

/** The same license with a shorter or longer signature of the same value: OpenSSL would take some of them. */
function respelled({ jws }) {
  const [header, payload, signature] = jws.split('.');
  const bytes = Buffer.from(signature, 'base64url');
  const other = bytes[0] === 0 ? bytes.subarray(1) : Buffer.concat([Buffer.alloc(1), bytes]);
  return { jws: [header, payload, other.toString('base64url')].join('.') };
}

function genuineRevocations({ present, rs256 }, genuine) {
  const ids = genuine.map(({ claims }) => claims.jti);
  return [
    revocationList(present, 'vendor', 1, []),
    revocationList(present, 'vendor', 2, ids.slice(0, 2)),
    revocationList(present, 'vendor', 3, ids.slice(1, 4)),
    revocationList(present, 'vendor', 4, ['__proto__', 'constructor']),
    revocationList(rs256, 'other-vendor', 7, ids),
  ];
}

function revocationList(key, iss, serial, revoked) {
  const claims = { v: 1, iss, iat: nowS - 60 + serial, serial, revoked };
  return { jws: signRevocation(claims, key), claims };
}

/** Seals any text under any header with the deployment's own key: what a compromised instance can do. */
function rawSealer(encryptionKey) {
  const key = createSecretKey(Buffer.from(encryptionKey.split(':')[1], 'base64url'));
  return (header, content) => {
    const headerPart = Buffer.from(header).toString('base64url');
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: 16 });
    cipher.setAAD(Buffer.from(headerPart));
    const body = Buffer.concat([cipher.update(content), cipher.final()]);
    return [
      headerPart,
      '',
      ...[iv, body, cipher.getAuthTag()].map((part) => part.toString('base64url')),
    ].join('.');
  };
}
