import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { Workbench } from '../../test/support/workbench.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const vectors = (name: string): string => `${root}testvectors/${name}.json`;

/** One file of test vectors as text, with `from` replaced by `to` in its first place. */
function changed(name: string, from: string | RegExp, to: string): string {
  const text = readFileSync(vectors(name), 'utf8');
  const result = text.replace(from, to);
  expect(result).not.toBe(text);
  return result;
}

describe('latchkey conformance', () => {
  let bench: Workbench;
  beforeAll(async () => {
    bench = await Workbench.create();
  });
  afterAll(() => bench.remove());

  const runOn = (text: string): Promise<number> =>
    bench.terminal.run('conformance', bench.file('changed.json', text));

  it('finds this program to be as the test vectors say', async () => {
    const files = ['signed-license', 'license-claims', 'revocation-list', 'sealed-license', 'license-text'];
    const argv = [...files, 'decisions'].map(vectors);
    expect(await bench.terminal.run('conformance', ...argv)).toBe(0);
    expect(bench.terminal.stdout).toMatch(
      /^decisions\.json +(\d+) of \1 as expected \(\d+ valid, \d+ invalid\)$/m,
    );
    expect(bench.terminal.stdout).toMatch(/\n(\d+) of \1 tests as expected\n$/);
  });

  it.each([
    [
      'an invalid one that is said to be valid',
      changed(
        'license-text',
        /"comment": "nothing", "result": "invalid", "code": "MALFORMED"/,
        '"comment": "nothing", "result": "valid"',
      ),
      /\(nothing\): expected valid, found MALFORMED$/m,
    ],
    [
      'one that is refused with another code',
      changed('sealed-license', '"code": "SEAL_NOT_OPENED"', '"code": "KEY_UNKNOWN"'),
      /: expected KEY_UNKNOWN, found SEAL_NOT_OPENED$/m,
    ],
    [
      'one that is accepted',
      changed('revocation-list', /"result": "valid"/, '"result": "invalid", "code": "REVOKED"'),
      /: expected REVOKED, found valid$/m,
    ],
    [
      'a license with another claim in it',
      changed('license-claims', '"jti": "license-1"', '"jti": "license-2"'),
      /: expected valid, found valid, with other content$/m,
    ],
    [
      'a key file with another content',
      changed('sealed-license', /"timeFloor": 1798761600/, '"timeFloor": 1'),
      /: expected valid, found valid, with other content$/m,
    ],
    [
      'a decision with another verdict',
      changed('decisions', '"verdict": "accepted"', '"verdict": "refused"'),
      /\): step 1: verdict: expected "refused", found "accepted"$/m,
    ],
    [
      'a decision that leaves another state',
      changed('decisions', '"standing": "grace"', '"standing": "active", "next": "x"'),
      /\): step \d: standing: expected "active", found "grace"; next: expected "x", found nothing$/m,
    ],
  ])('names %s', async (_what, text, line) => {
    expect(await runOn(text)).toBe(1);
    expect(bench.terminal.stdout).toMatch(line);
    expect(bench.terminal.stdout).toMatch(/\n\d+ of \d+ tests as expected\n$/);
  });

  it('goes on behind a test that it cannot run', async () => {
    expect(await runOn(changed('decisions', '"offer": { "license": "', '"offer": { "license": "not-'))).toBe(
      1,
    );
    expect(bench.terminal.stdout).toMatch(
      /: expected an answer, found Error: this group has no document "not-/,
    );
    expect(bench.terminal.stdout).toMatch(/^changed\.json +(\d+) of (?!\1)\d+ as expected/m);
  });

  it('says the same to programs', async () => {
    const text = changed('license-text', /"code": "MALFORMED"/, '"code": "TOO_LARGE"');
    const file = bench.file('changed.json', text);
    expect(await bench.terminal.run('conformance', file, '-o', 'json')).toBe(1);
    const problem = 'expected TOO_LARGE, found MALFORMED';
    expect(bench.terminal.json()).toMatchObject({
      ok: false,
      failed: 1,
      files: [
        {
          file: 'changed.json',
          failures: [{ tcId: expect.any(Number), comment: expect.any(String), problem }],
        },
      ],
    });
  });

  it.each([
    ['something else than JSON', 'vectors', 'expected JSON'],
    ['another file', '{"keys":[]}', 'expected a file with "schema"'],
    [
      'a later schema',
      changed('decisions', 'testvectors-1', 'testvectors-2'),
      'expected a file with "schema"',
    ],
    [
      'a group that it does not know',
      changed('decisions', '"type": "Decisions"', '"type": "Guesses"'),
      'expected groups of',
    ],
    [
      'a test without its input',
      changed('license-text', '"text":', '"test":'),
      'expected "text" in test 4001',
    ],
    [
      'less than it says',
      changed('decisions', /"numberOfTests": /, '"numberOfTests": 1'),
      'as the file says',
    ],
    ['nothing', '{"schema":"latchkey-testvectors-1","numberOfTests":0,"testGroups":[]}', 'found 0'],
  ])('refuses a file with %s', async (_what, text, message) => {
    expect(await runOn(text)).toBe(1);
    expect(bench.terminal.stdout).toBe('');
    expect(bench.terminal.stderr).toContain('changed.json: test vectors: ');
    expect(bench.terminal.stderr).toContain(message);
  });

  it('answers a file that is not there with 2', async () => {
    expect(await bench.terminal.run('conformance', bench.path('nothing.json'))).toBe(2);
  });

  it('shows an example that works in the repository and fits into 80 columns', async () => {
    await bench.terminal.run('conformance', '--help');
    expect(bench.terminal.stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    const [, file = ''] = /\$ latchkey conformance (\S+)/.exec(bench.terminal.stdout) ?? [];
    expect(await bench.terminal.run('conformance', root + file)).toBe(0);
  });
});
