import { existsSync, readFileSync, writeFileSync } from 'node:fs';

import { exportSigningKey } from '@latchkey/license/issuing';
import { parseEncryptionKeys, parseLicenseText, sealKeyFile } from '@latchkey/license/protocol';

import { Workbench } from '../test/support/workbench.js';

const manual = new URL('../../../docs/cli.md', import.meta.url);
const failing = ' || echo "exit code $?"';

describe('the examples', () => {
  const home = process.cwd();
  let bench: Workbench;
  beforeEach(async () => {
    bench = await Workbench.create();
    process.chdir(bench.path('.'));
  });
  afterEach(() => {
    process.chdir(home);
    bench.remove();
  });

  /** Runs the lines `$ latchkey ...` of a text one after the other, as a shell would. */
  async function follow(text: string): Promise<number> {
    const lines = text.replaceAll(/ \\\n\s+/g, ' ').match(/(?<=\$ latchkey ).+/g) ?? [];
    for (const line of lines) {
      const expected = line.endsWith(failing) ? 1 : 0;
      const [command = '', target] = line.replace(failing, '').split(' > ');
      const argv = command.split(' ');
      if (argv[0] === 'open' && !existsSync('license.key')) keepLicense();
      const exitCode = await bench.terminal.run(...argv);
      expect({ line, exitCode, stderr: bench.terminal.stderr }).toEqual({
        line,
        exitCode: expected,
        stderr: '',
      });
      if (target !== undefined) writeFileSync(target, bench.terminal.stdout, { mode: 0o600 }); // "umask 077"
    }
    return lines.length;
  }

  /** What a service would have done with the license before `open` is of use. */
  function keepLicense(): void {
    const keys = parseEncryptionKeys(readFileSync('encryption.keys', 'utf8'));
    const license = parseLicenseText(readFileSync('license.lic', 'utf8'));
    writeFileSync('license.key', sealKeyFile({ license, timeFloorMs: bench.terminal.clock.wallMs() }, keys));
  }

  it('of the first help work from top to bottom', async () => {
    await bench.terminal.run('help');
    expect(await follow(bench.terminal.stdout)).toBe(4);
  });

  it('of the help of each command work one after the other', async () => {
    let help = '';
    const first = ['keygen', 'encryption-key', 'issue', 'inspect', 'verify', 'open'];
    for (const command of [...first, 'keys', 'keys add', 'keys promote', 'keys retire', 'revoke']) {
      await bench.terminal.run(...command.split(' '), '--help');
      help += bench.terminal.stdout;
    }
    expect(await follow(help)).toBe(17);
  });

  it('of the manual work from top to bottom', async () => {
    const text = readFileSync(manual, 'utf8');
    const [, claims = ''] = /```yaml\n([^]*?)```/.exec(text) ?? [];
    bench.file('claims.yaml', claims);
    expect(await follow(text)).toBeGreaterThan(6);
  });

  it('of a claims file in the help of issue is one', async () => {
    await bench.terminal.run('issue', '--help');
    const [claims = ''] = /^ +\{ "sub"[^]*?\} \}/m.exec(bench.terminal.stdout) ?? [];
    bench.file('claims.json', claims);
    bench.file('key.pem', exportSigningKey(bench.issuer.key));
    expect(await bench.terminal.run('issue', '--key', 'key.pem', '--claims', 'claims.json')).toBe(0);
    expect(bench.terminal.stdout).toMatch(/^expires +2027-12-31T23:59:59Z/m);
  });
});
