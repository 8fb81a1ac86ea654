import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';

import { LicenseModule, LicenseService } from '@latchkey/license';
import { exportSigningKey, generateEncryptionKey, readSigningKey } from '@latchkey/license/issuing';
import {
  formatLicenseText,
  LicenseError,
  openKeyFile,
  openSealedLicense,
  parseBroadcast,
  parseEncryptionKeys,
  parseLicenseText,
  parseNatsUrl,
  parseReply,
  readUnverifiedLicense,
  sealKeyFile,
  sealLicense,
  subjectsFor,
  TrustedKeyRing,
  verifySignedLicense,
  verifySignedRevocation,
} from '@latchkey/license/protocol';
import { TestIssuer } from '@latchkey/license/testing';
import type { LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

import { loadServerConfig } from '../../apps/license-server/src/config/load-server-config.js';
import { SecretWatch } from './secret-watch.js';

const subjects = subjectsFor('license');
let watch: SecretWatch;
let issuer: TestIssuer;
/** Every secret as somebody may paste it, right or nearly right, by what it is. */
let pasted: ReadonlyMap<string, string>;
let directory: string;

beforeAll(async () => {
  issuer = await TestIssuer.create();
  directory = mkdtempSync(join(tmpdir(), 'latchkey-secrets-'));
  watch = new SecretWatch();
  const line = generateEncryptionKey('first');
  const [, key = ''] = line.split(':');
  const bytes = Buffer.from(key, 'base64url');
  const pem = exportSigningKey(issuer.key);
  const jwk = issuer.key.privateKey.export({ format: 'jwk' });
  const jws = issuer.issue({ customer: { name: 'Confidential Holdings' } });
  const ring = parseEncryptionKeys(line);
  const envelope = sealLicense({ sealedAtMs: Date.now(), server: 's', license: jws }, ring);
  const password = randomBytes(12).toString('base64url');

  watch.bytes('encryption key', bytes).text('private key', pem).text('customer', 'Confidential Holdings');
  watch.text('password', password).text('envelope', envelope.split('.')[3] ?? '');
  for (const part of [jwk.d, jwk.p, jwk.q]) watch.bytes('private key', Buffer.from(part ?? '', 'base64url'));
  for (const part of jws.split('.').slice(1)) watch.text('license', part);
  pasted = new Map([
    ['key line', line],
    ['key', key],
    ['key before its id', `${key}:first`],
    ['key with a letter more', `${line}A`],
    ['key with a letter less', line.slice(0, -1)],
    ['key twice', `${line},${line}`],
    ['key as hex', `first:${bytes.toString('hex')}`],
    ['key as half hex', bytes.toString('hex').slice(0, 40)],
    ['key in quotes', `"${line}"`],
    ['key as an assignment', `LICENSE_ENCRYPTION_KEYS=${line}`],
    ['key as JWK Set', JSON.stringify({ keys: [{ kty: 'oct', kid: 'first', k: key }] })],
    ['key as broken JSON', `{"kty":"oct","k":"${key}"`],
    ['key as a JWK of another type', JSON.stringify({ kty: 'RSA', k: key })],
    ['private PEM', pem],
    ['private PEM without its first line', pem.split('\n').slice(1).join('\n')],
    ['private PEM on one line', pem.replaceAll('\n', ' ')],
    ['private JWK', JSON.stringify(jwk)],
    ['private JWK Set', JSON.stringify({ keys: [jwk] })],
    ['license', jws],
    ['license file', formatLicenseText(jws)],
    ['license without its signature', jws.split('.').slice(0, 2).join('.')],
    ['envelope', envelope],
    ['envelope cut off', envelope.slice(0, -5)],
    ['key file', sealKeyFile({ license: jws, timeFloorMs: 0 }, ring)],
    ['address with a password', `nats://user:${password}@127.0.0.1:4222`],
    ['half an address with a password', `user:${password}@host`],
    ['password', password],
  ]);
});
afterAll(() => rmSync(directory, { recursive: true }));

/** Everything a refusal says to whoever logs it in whatever way. */
const said = (error: unknown): string =>
  [
    String(error),
    inspect(error, { depth: Infinity, showHidden: true, maxStringLength: Infinity }),
    JSON.stringify(error, Object.getOwnPropertyNames(error)),
  ].join('\n');

describe('a secret in the wrong place', () => {
  it('is repeated by no reader of the library', () => {
    const ring = parseEncryptionKeys(generateEncryptionKey('first'));
    const keys = TrustedKeyRing.from({ ...issuer.trustedKeys });
    const readers: Readonly<Record<string, (text: string) => unknown>> = {
      parseEncryptionKeys,
      TrustedKeyRing: (text) => TrustedKeyRing.from(text),
      parseLicenseText,
      verifySignedLicense: (text) => verifySignedLicense(text, keys),
      verifySignedRevocation: (text) => verifySignedRevocation(text, keys),
      readUnverifiedLicense,
      openSealedLicense: (text) => openSealedLicense(text, ring),
      openKeyFile: (text) => openKeyFile(text, ring),
      parseBroadcast: (text) => parseBroadcast(Buffer.from(text), subjects),
      parseReply: (text) => parseReply(Buffer.from(text), 'id'),
      parseNatsUrl,
      readSigningKey,
    };
    let refused = 0;
    for (const [name, read] of Object.entries(readers)) {
      for (const [what, text] of pasted) {
        try {
          read(text);
        } catch (error) {
          refused += 1;
          watch.heard(`${name}(${what})`, said(error));
        }
      }
    }
    expect(refused).toBeGreaterThan(200);
    expect(watch.leaks).toEqual([]);
  });

  it.each(['LICENSE_ENCRYPTION_KEYS', 'LICENSE_PUBLIC_KEYS', 'LICENSE', 'NATS_URL', 'NATS_NKEY_SEED'])(
    'is repeated neither by the server nor by a service that finds it in %s, or in its file',
    async (variable) => {
      const path = join(directory, variable);
      for (const [what, text] of pasted) {
        writeFileSync(path, text, { mode: 0o600 });
        for (const environment of [{ [variable]: text }, { [`${variable}_FILE`]: path }]) {
          try {
            loadServerConfig({ HTTP_PORT: '0', ...environment });
          } catch (error) {
            expect(error).toBeInstanceOf(LicenseError);
            watch.heard(`server, ${variable}=${what}`, said(error));
          }
          watch.heard(`service, ${variable}=${what}`, await logOfService(environment));
        }
      }
      expect(watch.leaks).toEqual([]);
    },
  );
});

/** What a service logs and believes when it starts with these variables, and no broker. */
async function logOfService(environment: Readonly<Record<string, string>>): Promise<string> {
  const lines: unknown[] = [];
  const note = (...line: unknown[]): void => void lines.push(line);
  const logger: LoggerService = { log: note, warn: note, error: note, debug: note, verbose: note };
  const options = { environment, adapters: { store: null, source: null } };
  const app = await NestFactory.createApplicationContext(LicenseModule.forRoot(options), { logger });
  note(app.get(LicenseService).status);
  await app.close();
  return inspect(lines, { depth: Infinity, maxStringLength: Infinity });
}

describe('a key that is held', () => {
  it('is not shown by whoever prints it, or what holds it', () => {
    const line = pasted.get('key line') ?? '';
    const ring = parseEncryptionKeys(line);
    const trusted = TrustedKeyRing.from({ ...issuer.trustedKeys });
    for (const [name, held] of Object.entries({
      ring,
      first: ring.first,
      key: ring.find('first'),
      trusted,
      issuer,
    })) {
      watch.heard(name, inspect(held, { depth: Infinity, showHidden: true }));
      watch.heard(`${name} as JSON`, JSON.stringify(held) ?? '');
    }
    expect(watch.leaks).toEqual([]);
  });
});
