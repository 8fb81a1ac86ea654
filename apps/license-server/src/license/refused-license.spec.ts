import { execFileSync } from 'node:child_process';
import { constants, sign } from 'node:crypto';
import { mkdirSync, rmSync, truncateSync } from 'node:fs';

import { formatLicenseText } from '@latchkey/license/protocol';
import { ManualClock, TestIssuer } from '@latchkey/license/testing';

import { WatchedFolder } from '../../test/watched-folder.js';

let issuer: TestIssuer;
let folder: WatchedFolder;

beforeAll(async () => {
  issuer = await TestIssuer.create('agent-os', new ManualClock());
});

beforeEach(() => {
  folder = new WatchedFolder(issuer);
});

afterEach(() => folder.remove());

describe('the good license goes on being served', () => {
  it.each<[string, string, () => unknown]>([
    ['MALFORMED', 'not a license', () => folder.write('hello')],
    ['FILE_REFUSED', 'empty', () => folder.write('')],
    ['MALFORMED', 'cut off', () => folder.write(formatLicenseText(issuer.issue()).slice(0, 300))],
    ['SIGNATURE_INVALID', 'changed', () => folder.put(tampered(issuer.issue()))],
    ['KEY_UNKNOWN', 'signed by somebody else', async () => folder.put((await TestIssuer.create()).issue())],
    ['VERSION_UNSUPPORTED', 'of a future version', () => folder.put(signRaw({ ...issuer.claims(), v: 2 }))],
    ['MALFORMED', 'with a name given twice', () => folder.put(signRaw('{"v":1,"v":1}'))],
    ['CLAIMS_INVALID', 'without an edition', () => folder.put(signRaw({ ...issuer.claims(), edition: '' }))],
    ['PRODUCT_MISMATCH', 'for another product', () => folder.put(issuer.issue({ aud: 'other-product' }))],
    ['ROLLBACK', 'older', () => folder.put(issuer.issue({ serial: 1 }))],
    ['SERIAL_CONFLICT', 'another one of the same serial', () => folder.put(issuer.issue({ serial: 1000 }))],
    ['TOO_LARGE', 'of 100 KB', () => folder.write('A'.repeat(100_000))],
    ['FILE_ABSENT', 'gone', () => rmSync(folder.path)],
    [
      'FILE_REFUSED',
      'a directory',
      () => {
        rmSync(folder.path);
        mkdirSync(folder.path);
      },
    ],
    [
      'FILE_REFUSED',
      'a FIFO',
      () => {
        rmSync(folder.path);
        execFileSync('mkfifo', [folder.path]);
      },
    ],
    [
      'FILE_REFUSED',
      'of 1 GB',
      () => {
        folder.write('');
        truncateSync(folder.path, 1024 ** 3);
      },
    ],
  ])('with the reason %s, while the file is %s', async (code, _, spoil) => {
    const good = folder.put(issuer.issue({ serial: 1000 }));
    const watch = folder.start(folder.file('agent-os'));
    folder.look();
    await spoil();
    folder.look();
    folder.look();
    expect(watch.current?.jws).toBe(good);
    expect(watch.problem?.code).toBe(code);
    expect(folder.log).toEqual([expect.stringMatching(`^error .*\\(${code}\\); still serving license`)]);

    rmSync(folder.path, { recursive: true, force: true });
    folder.put(good);
    folder.look();
    expect(watch.problem).toBeNull();
    expect(folder.log).toHaveLength(2);
    expect(folder.log[1]).toMatch(/^info serving license/);
  });

  it('when the new one does not fit into an envelope', () => {
    const good = folder.put(issuer.issue());
    const watch = folder.start(folder.file(), 's'.repeat(30_000));
    const names = Array.from({ length: 99 }, (_, i) => [`feature-${i}`, 'x'.repeat(99)]);
    folder.put(issuer.issue({ features: Object.fromEntries(names) }));
    folder.look();
    expect(watch.current?.jws).toBe(good);
    expect(watch.problem?.code).toBe('TOO_LARGE');
  });
});

/** A license with one letter of its claims changed. */
function tampered(jws: string): string {
  const [header = '', payload = '', signature = ''] = jws.split('.');
  const claims = Buffer.from(payload, 'base64url').toString().replace('enterprise', 'Enterprise');
  return [header, toPart(claims), signature].join('.');
}

/** Signs what no issuer of ours would sign. */
function signRaw(claims: object | string): string {
  const header = JSON.stringify({ alg: 'PS256', kid: issuer.key.kid, typ: 'license+jwt' });
  const payload = typeof claims === 'string' ? claims : JSON.stringify(claims);
  const signed = `${toPart(header)}.${toPart(payload)}`;
  const key = { key: issuer.key.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
  return `${signed}.${toPart(sign('sha256', Buffer.from(signed), key))}`;
}

function toPart(content: string | Buffer): string {
  return Buffer.from(content as Uint8Array).toString('base64url');
}
