import { createPublicKey } from 'node:crypto';
import { chmodSync, readFileSync, statSync } from 'node:fs';

import type { TestIssuer } from '@latchkey/license/testing';

import { Workbench } from '../../test/support/workbench.js';

describe('latchkey keys, on vendor keys', () => {
  let bench: Workbench;
  let issuer: TestIssuer;
  let successor: TestIssuer;
  beforeAll(async () => {
    issuer = await Workbench.issuer();
    successor = await Workbench.issuer();
  });
  beforeEach(() => {
    bench = new Workbench(issuer);
  });
  afterEach(() => bench.remove());

  const keys = (command: string, ...options: string[]): Promise<number> =>
    bench.terminal.run('keys', command, '--file', bench.keys, ...options);
  const addSuccessor = (...options: string[]): Promise<number> =>
    keys('add', '--public', bench.file('next.jwks.json', JSON.stringify(successor.trustedKeys)), ...options);
  const listed = async (): Promise<unknown[]> => {
    await keys('list', '-o', 'json');
    return (bench.terminal.json() as { keys: unknown[] }).keys;
  };
  /** What `latchkey verify` says of a license issued at that time. */
  const verdict = async (by: TestIssuer, iat: number): Promise<string> => {
    const license = bench.file('some.lic', by.issue({ iat, exp: iat + 400 * 86_400 }));
    await bench.terminal.run('verify', license, '--keys', bench.keys, '-o', 'json');
    return (bench.terminal.json() as { code: string }).code;
  };
  const nowS = (): number => bench.terminal.clock.wallMs() / 1000;

  it('lists what each of them is, and when it is in service', async () => {
    expect(await keys('list')).toBe(0);
    expect(bench.terminal.stdout).toContain(
      `key id       ${issuer.key.kid}\nalgorithm    PS256, RSA 2048\nin service   always\n`,
    );
    expect(await listed()).toEqual([
      {
        keyId: issuer.key.kid,
        thumbprint: issuer.key.kid,
        kind: 'vendor',
        algorithm: 'PS256',
        bits: 2048,
        seals: false,
        notBefore: null,
        retiredAt: null,
      },
    ]);
  });

  it('adds a successor, and what either signed stands', async () => {
    expect(await addSuccessor()).toBe(0);
    expect(await verdict(issuer, nowS())).toBe('VALID');
    expect(await verdict(successor, nowS())).toBe('VALID');
  });

  it('adds one from PEM, in service from a day on', async () => {
    const text = createPublicKey(successor.key.privateKey).export({ type: 'spki', format: 'pem' }) as string;
    const options = ['--public', bench.file('next.pem', text), '--not-before', '2027-02-01'];
    expect(await keys('add', ...options)).toBe(0);
    expect(bench.terminal.stdout).toContain('in service   from 2027-02-01T00:00:00Z (not yet)\n');
    expect(await verdict(successor, nowS())).toBe('KEY_NOT_IN_SERVICE');
    expect(await verdict(issuer, nowS())).toBe('VALID');
  });

  it('retires one: what it signed until then stands, what it signs later is refused', async () => {
    await addSuccessor();
    bench.terminal.clock.advance(700); // in the middle of a second
    const issued = Math.floor(nowS());
    expect(await keys('retire', '--', issuer.key.kid)).toBe(0);
    expect(bench.terminal.stdout).toContain('in service   until 2027-01-01T00:00:01Z\n');
    expect(await verdict(issuer, issued)).toBe('VALID');
    expect(await verdict(issuer, issued + 1)).toBe('KEY_NOT_IN_SERVICE');
    expect(await verdict(successor, issued + 1)).toBe('VALID');
  });

  it('retires one at a time that is given, also one to come', async () => {
    expect(await keys('retire', '--at', '2027-06-01', '--', issuer.key.kid)).toBe(0);
    expect(await listed()).toMatchObject([{ retiredAt: '2027-06-01T00:00:00Z' }]);
    expect(await verdict(issuer, nowS())).toBe('VALID');
  });

  it('does not move the end of one that is retired, unless told the time', async () => {
    await keys('retire', '--', issuer.key.kid);
    bench.terminal.clock.advance(60_000);
    expect(await keys('retire', '--', issuer.key.kid)).toBe(1);
    expect(bench.terminal.stderr).toContain('the key is retired since 2027-01-01T00:00:01Z');
    await keys('list');
    expect(bench.terminal.stdout).toContain('until 2027-01-01T00:00:01Z (retired)');
    expect(await keys('retire', '--at', '2027-01-02', '--', issuer.key.kid)).toBe(0);
  });

  it('removes one that leaked, with all that it ever signed, and says so', async () => {
    await addSuccessor();
    expect(await keys('retire', '--remove', '--', issuer.key.kid)).toBe(0);
    expect(bench.terminal.stdout).toContain('all that it ever signed is refused');
    expect(bench.terminal.stdout).toContain('issue each of them anew');
    expect(await verdict(issuer, nowS() - 1000)).toBe('KEY_UNKNOWN');
    expect(await verdict(successor, nowS())).toBe('VALID');
  });

  it('does not remove the only one', async () => {
    expect(await keys('retire', '--remove', '--', issuer.key.kid)).toBe(1);
    expect(bench.terminal.stderr).toContain('the only key here');
  });

  it('keeps what else is in the file, and its mode', async () => {
    const [jwk] = issuer.trustedKeys.keys;
    bench.file('vendor.public.jwks.json', JSON.stringify({ note: 'ours', keys: [{ ...jwk, x: 1 }] }));
    chmodSync(bench.keys, 0o644);
    await addSuccessor();
    await keys('retire', '--at', '2027-06-01', '--', issuer.key.kid);
    expect(JSON.parse(readFileSync(bench.keys, 'utf8'))).toMatchObject({
      note: 'ours',
      keys: [{ ...jwk, x: 1, exp: Date.UTC(2027, 5, 1) / 1000 }, { kid: successor.key.kid }],
    });
    expect(statSync(bench.keys).mode & 0o777).toBe(0o644);
    expect(bench.terminal.stderr).toBe('');
  });

  it.each([
    ['no public key', ['add'], 2, 'give the one to add with --public'],
    ['a name for it', ['add', '--kid', 'x'], 2, '--kid is for encryption keys'],
    ['to promote one', ['promote', 'x'], 2, 'vendor keys have no order'],
    ['to remove one at a time', ['retire', 'x', '--remove', '--at', '2027-01-01'], 2, '--at is for'],
    ['one that is not there', ['retire', 'x'], 2, 'no key "x" here'],
  ])('refuses %s', async (_what, [command = '', ...options], exitCode, message) => {
    const before = readFileSync(bench.keys, 'utf8');
    expect(await keys(command, ...options)).toBe(exitCode);
    expect(bench.terminal.stderr).toContain(message);
    expect(readFileSync(bench.keys, 'utf8')).toBe(before);
  });

  it('refuses a key that is there already, and a private one', async () => {
    expect(await keys('add', '--public', bench.keys)).toBe(1);
    expect(bench.terminal.stderr).toContain('occurs twice');
    const jwk = successor.key.privateKey.export({ format: 'jwk' });
    expect(await keys('add', '--public', bench.file('private.jwk', JSON.stringify(jwk)))).toBe(1);
    expect(bench.terminal.stderr).toContain('found a private one');
  });
});
