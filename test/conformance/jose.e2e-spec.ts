import { calculateJwkThumbprint, compactDecrypt, compactVerify, createLocalJWKSet, type JWK } from 'jose';

import { OpenerReport, recordedLaxities, type Opened } from './opener-report.js';
import { documentOf, readJoseGroups, type JoseGroup } from './vectors.js';

type Open = (document: string) => Promise<Uint8Array>;

const keysOf = (set: Readonly<Record<string, unknown>>): readonly JWK[] => set['keys'] as JWK[];

/** Verifies with the vendor's keys. One without a name goes by its thumbprint, and is for PS256. */
async function verifier(set: Readonly<Record<string, unknown>>): Promise<Open> {
  const named = keysOf(set).map(async (jwk) => ({
    alg: 'PS256',
    kid: await calculateJwkThumbprint(jwk),
    ...jwk,
  }));
  const keys = createLocalJWKSet({ keys: await Promise.all(named) });
  return async (jws) => (await compactVerify(jws, keys, { algorithms: ['PS256', 'RS256'] })).payload;
}

/** Decrypts with the keys of a ring. Each goes by its thumbprint, and by its name when it has one. */
async function decrypter(set: Readonly<Record<string, unknown>>): Promise<Open> {
  const secrets = new Map<string, Uint8Array>();
  for (const jwk of keysOf(set)) {
    const secret = Buffer.from(jwk.k ?? '', 'base64url');
    secrets.set(await calculateJwkThumbprint(jwk), secret);
    if (jwk.kid !== undefined) secrets.set(jwk.kid, secret);
  }
  const secretOf = ({ kid = '' }: { readonly kid?: string }): Uint8Array => {
    const secret = secrets.get(kid);
    if (secret === undefined) throw new Error('expected the id of a key in the ring');
    return secret;
  };
  const options = { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] };
  return async (jwe) => (await compactDecrypt(jwe, secretOf, options)).plaintext;
}

function openerOf(group: JoseGroup): Promise<Open> {
  return 'trustedKeys' in group ? verifier(group.trustedKeys) : decrypter(group.testOnlyEncryptionKeys);
}

/** Tries every document with jose alone, without any rule of Latchkey's own. */
async function openAll(): Promise<Opened> {
  const opened = new Map<number, string | null>();
  for (const group of readJoseGroups()) {
    const open = await openerOf(group);
    for (const test of group.tests) {
      const text = await open(documentOf(test)).then(
        (bytes) => Buffer.from(bytes).toString(),
        () => null, // refused; the reasons of a library are its own
      );
      opened.set(test.tcId, text);
    }
  }
  return opened;
}

describe('npm jose, alone', () => {
  let report: OpenerReport;
  beforeAll(async () => {
    report = new OpenerReport(await openAll());
  });

  it('reads every valid document, and the same in it', () => {
    expect(report.missing()).toEqual([]);
    expect(report.misread()).toEqual([]);
  });

  it('accepts no document that JOSE forbids', () => {
    expect(report.accepted()).toEqual([]);
  });

  it('finds signature and seal good where they are said to be', () => {
    expect(report.refusedGood()).toEqual([]);
  });

  it('accepts what the manual says it does, and what Latchkey refuses for its form', () => {
    expect(report.laxities()).toEqual(recordedLaxities('jose'));
  });
});
