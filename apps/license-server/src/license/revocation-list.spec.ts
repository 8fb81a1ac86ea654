import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { signRevocation } from '@latchkey/license/issuing';
import { TrustedKeyRing } from '@latchkey/license/protocol';
import { ManualClock, TestIssuer } from '@latchkey/license/testing';

import { RevocationList } from './revocation-list.js';

const pollMs = 1000;

describe('the revocation list', () => {
  let issuer: TestIssuer;
  let directory: string;
  let path: string;
  let clock: ManualClock;
  let log: string[];
  let list: RevocationList;
  let changes: number;
  let writes = 0;

  beforeAll(async () => {
    issuer = await TestIssuer.create();
  });
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'latchkey-revocations-'));
    path = join(directory, 'revocations.jwt');
    clock = new ManualClock();
    log = [];
    changes = 0;
  });
  afterEach(() => {
    list.beforeApplicationShutdown();
    rmSync(directory, { recursive: true });
  });

  const sign = (serial: number, revoked: string[], by = issuer, iss = 'test-vendor'): string =>
    signRevocation({ v: 1, iss, iat: clock.wallMs() / 1000, serial, revoked }, by.key);
  const put = (text: string): string => {
    writeFileSync(path, `${text}\n`);
    utimesSync(path, ++writes, writes); // each at a time of its own, as people write
    return text;
  };
  const start = (from: string | null = path): void => {
    list = new RevocationList(from ?? undefined, TrustedKeyRing.from(issuer.trustedKeys), clock, {
      log: (text: string) => log.push(`info ${text}`),
      warn: (text: string) => log.push(`warn ${text}`),
      error: (text: string) => log.push(`error ${text}`),
    });
    list.changes$.subscribe(() => (changes += 1));
    list.onModuleInit();
  };
  const look = (): void => clock.advance(pollMs);

  it('is none when no file is named', () => {
    start(null);
    expect([list.current, list.problem]).toEqual([null, null]);
  });

  it('is handed out from the start, and a newer one as soon as it is there', () => {
    const first = put(sign(1, ['lic-1']));
    start();
    expect(list.current?.jws).toBe(first);
    const second = put(sign(2, ['lic-1', 'lic-2']));
    look();
    expect(list.current?.jws).toBe(second);
    expect(changes).toBe(2);
    expect(log.at(-1)).toMatch(/^info handing out revocation list 2 \(licenses revoked: 2, /);
  });

  it('is taken over when it comes late, and says what is missing until then', () => {
    start();
    expect(list.problem?.code).toBe('FILE_ABSENT');
    expect(log).toEqual([expect.stringMatching(/^error .*no such file.*no list is handed out$/)]);
    const first = put(sign(1, ['lic-1']));
    look();
    expect([list.current?.jws, list.problem]).toEqual([first, null]);
  });

  it('may have been wrapped by mail', () => {
    const jws = sign(1, ['lic-1']);
    put(jws.replaceAll(/(.{70})/g, '$1\r\n'));
    start();
    expect(list.current?.jws).toBe(jws);
  });

  it('is handed out once more unchanged when the same file comes again', () => {
    const first = sign(1, ['lic-1']);
    put(first);
    start();
    put(`${first}\n`);
    look();
    expect([changes, list.problem]).toEqual([1, null]);
  });

  describe('stays the good one', () => {
    let good: string;
    let stranger: TestIssuer;
    beforeAll(async () => {
      stranger = await TestIssuer.create();
    });
    beforeEach(() => {
      good = put(sign(5, ['lic-1']));
      start();
    });

    it.each<[string, string, () => void]>([
      ['FILE_ABSENT', 'is gone', () => rmSync(path)],
      ['FILE_REFUSED', 'is a directory', () => (rmSync(path), mkdirSync(path))],
      ['MALFORMED', 'holds something else', () => put('hello')],
      ['TYPE_REFUSED', 'holds a license', () => put(issuer.issue())],
      ['SIGNATURE_INVALID', 'was changed', () => put(sign(6, []).replace(/\.[^.]*\./, `.${payload()}.`))],
      ['KEY_UNKNOWN', 'was signed by somebody else', () => put(sign(6, [], stranger))],
      ['ROLLBACK', 'is an older one', () => put(sign(4, []))],
      ['SERIAL_CONFLICT', 'is another one of its serial', () => put(sign(5, []))],
    ])('with the reason %s, when the file %s', (code, _what, spoil) => {
      spoil();
      look();
      expect(list.current?.jws).toBe(good);
      expect(list.problem?.code).toBe(code);
      expect(log.at(-1)).toMatch(new RegExp(`^error .*\\(${code}\\); still handing out revocation list 5 `));
      rmSync(path, { recursive: true, force: true });
      put(good);
      look();
      expect(list.problem).toBeNull();
      expect(changes).toBe(1);
    });

    const payload = (): string => sign(7, ['lic-9']).split('.')[1] ?? '';
  });

  it('of another issuer takes its place, whatever the serials', () => {
    put(sign(5, ['lic-1']));
    start();
    const other = put(sign(1, ['lic-2'], issuer, 'other-vendor'));
    look();
    expect(list.current?.jws).toBe(other);
  });

  it('is not looked at any more after shutdown', () => {
    const good = put(sign(5, ['lic-1']));
    start();
    list.beforeApplicationShutdown();
    put(sign(6, ['lic-1']));
    clock.advance(60_000);
    expect(list.current?.jws).toBe(good);
  });
});
