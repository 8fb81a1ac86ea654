import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { LicenseModule, LicenseService } from '@latchkey/license';
import { generateEncryptionKey } from '@latchkey/license/issuing';
import { LicenseError, parseEncryptionKeys, sealKeyFile } from '@latchkey/license/protocol';
import { TestIssuer } from '@latchkey/license/testing';
import { NestFactory } from '@nestjs/core';

import { FileLicenseStore } from '../../libs/license/src/store/file-license-store.js';

const reads = 2_000;
const describeOnLinux = process.platform === 'linux' ? describe : describe.skip;

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'latchkey-key-file-'));
  path = join(directory, 'license.key');
});
afterEach(() => rmSync(directory, { recursive: true }));

/** What a read gives: the text, or the code of the refusal. Whatever else it throws is thrown on. */
function readOnce(store: FileLicenseStore): string | null {
  try {
    return store.read();
  } catch (error) {
    if (error instanceof LicenseError) return error.code;
    throw error;
  }
}

const openFiles = (): number => readdirSync('/proc/self/fd').length;

describeOnLinux('a key file that is swapped while it is read', () => {
  it('is read whole or refused, never waited for, never followed to a file that is then changed', async () => {
    const things = join(directory, 'things');
    const victim = join(directory, 'victim');
    mkdirSync(things);
    writeFileSync(victim, 'not ours');
    chmodSync(victim, 0o644);
    writeFileSync(join(things, 'ours'), 'ours', { mode: 0o600 });
    writeFileSync(join(things, 'others'), 'others', { mode: 0o600 });
    writeFileSync(join(things, 'empty'), '');
    writeFileSync(join(things, 'huge'), '');
    truncateSync(join(things, 'huge'), 2 ** 40);
    execFileSync('mkfifo', [join(things, 'fifo')]);
    for (const [name, target] of [
      ['zero', '/dev/zero'],
      ['tty', '/dev/tty'],
      ['loop', path],
      ['nowhere', join(directory, 'nowhere')],
      ['memory', '/proc/self/mem'],
      ['victim', victim],
    ]) {
      symlinkSync(target ?? '', join(things, name ?? ''));
    }
    writeFileSync(path, 'ours', { mode: 0o600 });

    const swapper = fork(join(import.meta.dirname, 'file-swapper.mjs'), [things, path]);
    await once(swapper, 'message');
    const before = openFiles();
    const seen = new Set<string | null>();
    let slowestMs = 0;
    for (let i = 0; i < reads; i += 1) {
      // A new store each time: one that has a path sticks to it.
      const startMs = performance.now();
      seen.add(readOnce(new FileLicenseStore([path], () => {})));
      slowestMs = Math.max(slowestMs, performance.now() - startMs);
    }
    swapper.disconnect();
    await once(swapper, 'exit');

    const allowed = ['ours', 'others', 'not ours', null, 'FILE_REFUSED', 'FILE_UNREADABLE'];
    expect([...seen].filter((one) => !allowed.includes(one))).toEqual([]);
    expect(seen.size).toBeGreaterThan(3); // else nothing was swapped
    expect(slowestMs).toBeLessThan(1_000);
    expect(openFiles()).toBeLessThanOrEqual(before + 1);
    expect([readFileSync(victim, 'utf8'), statSync(victim).mode & 0o777]).toEqual(['not ours', 0o644]);

    const store = new FileLicenseStore([path], () => {});
    readOnce(store);
    rmSync(path); // whatever stands there last: a FIFO is left alone, as it should be
    await store.write('new');
    expect(readFileSync(path, 'utf8')).toBe('new');
  }, 60_000);
});

describeOnLinux('a link at the path of the key file', () => {
  it.each(['/dev/zero', '/dev/full', '/dev/null', '/dev/tty', '/proc/self/mem'])(
    'to %s is refused, and replaced by the next word',
    async (target) => {
      symlinkSync(target, path);
      const store = new FileLicenseStore([path], () => {});
      expect(['FILE_REFUSED', 'FILE_UNREADABLE']).toContain(readOnce(store));
      await store.keepAside();
      await store.write('new');
      expect([lstatSync(path).isFile(), readFileSync(path, 'utf8')]).toEqual([true, 'new']);
      expect(readdirSync(directory)).toEqual(['license.key']);
    },
  );

  it('that leads to itself, alone or in a ring, is refused and replaced by the next word', async () => {
    const other = join(directory, 'other');
    for (const ring of [
      [path, path],
      [path, other, path],
    ]) {
      for (const [index, link] of ring.slice(0, -1).entries()) symlinkSync(ring[index + 1] ?? '', link);
      const store = new FileLicenseStore([path], () => {});
      expect(readOnce(store)).toBe('FILE_UNREADABLE');
      await store.keepAside();
      await store.write('new');
      expect(readFileSync(path, 'utf8')).toBe('new');
      for (const link of ring) rmSync(link, { force: true });
    }
  });
});

describeOnLinux('a second name for the key file', () => {
  it('keeps what it has: the next word replaces one name, and writes into no file of another', async () => {
    const other = join(directory, 'other-name');
    writeFileSync(other, 'not ours', { mode: 0o600 });
    linkSync(other, path);
    const store = new FileLicenseStore([path], () => {});
    expect(readOnce(store)).toBe('not ours');
    await store.write('new');
    expect([readFileSync(path, 'utf8'), readFileSync(other, 'utf8')]).toEqual(['new', 'not ours']);
    expect(statSync(path).nlink).toBe(1);
  });
});

describe('a service whose key file was tampered with', () => {
  const encryptionKeys = generateEncryptionKey('first');
  let issuer: TestIssuer;
  let stranger: TestIssuer;
  beforeAll(async () => {
    [issuer, stranger] = await Promise.all([TestIssuer.create(), TestIssuer.create()]);
  });

  const edition = async (): Promise<string> => {
    const app = await NestFactory.createApplicationContext(
      LicenseModule.forRoot({
        product: 'agent-os',
        trustedKeys: { ...issuer.trustedKeys },
        encryptionKeys,
        keyPath: path,
        nats: false,
        environment: {},
      }),
      { logger: false },
    );
    const { status } = app.get(LicenseService);
    await app.close();
    return `${status.edition} ${status.state}`;
  };
  const seal = (license: string | null, keys = encryptionKeys, timeFloorMs = 0): string =>
    sealKeyFile({ license, timeFloorMs }, parseEncryptionKeys(keys));

  it.each<[string, () => string, string]>([
    ['its own file', () => seal(issuer.issue()), 'enterprise active'],
    ['a stranger’s license, sealed with the right key', () => seal(stranger.issue()), 'community invalid'],
    [
      'a license of another deployment',
      () => seal(issuer.issue(), generateEncryptionKey('first')),
      'community invalid',
    ],
    ['a license for another product', () => seal(issuer.issue({ aud: 'other' })), 'community invalid'],
    ['a license that has ended', () => seal(issuer.issue({ iat: 1_000, exp: 2_000 })), 'community expired'],
    ['no license in it', () => seal(null), 'community absent'],
    ['the signed license instead', () => issuer.issue(), 'community invalid'],
    ['its first half', () => seal(issuer.issue()).slice(0, 900), 'community invalid'],
  ])('starts, and grants what the vendor signed: %s', async (_, content, expected) => {
    writeFileSync(path, content(), { mode: 0o600 });
    expect(await edition()).toBe(expected);
  });
});
