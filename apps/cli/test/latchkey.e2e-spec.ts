import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const program = join(root, 'dist/apps/cli/main.js');

interface Finished {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe('latchkey as a program', () => {
  let directory: string;
  beforeAll(() => {
    if (!existsSync(program)) {
      throw new Error(`expected the built program at ${program}: run "npm run build" before these tests`);
    }
    directory = mkdtempSync(join(tmpdir(), 'latchkey-'));
  });
  afterAll(() => {
    if (directory !== undefined) rmSync(directory, { recursive: true });
  });

  function finished(command: string, args: readonly string[], cwd = directory): Finished {
    const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
    return { exitCode: status, stdout, stderr };
  }

  const latchkey = (...args: string[]): Finished => finished(process.execPath, [program, ...args]);

  it('makes keys, issues a license with them and finds it valid', () => {
    expect(latchkey('keygen', '--out', 'keys', '--bits', '2048').exitCode).toBe(0);
    expect(statSync(join(directory, 'keys/vendor.private.pem')).mode & 0o777).toBe(0o600);

    const who = ['--customer', 'acme', '--product', 'agent-os', '--edition', 'enterprise', '--perpetual'];
    const issued = latchkey('issue', '--key', 'keys/vendor.private.pem', ...who);
    expect(issued).toMatchObject({ exitCode: 0, stderr: '' });
    expect(readFileSync(join(directory, 'license.lic'), 'utf8')).toMatch(/^-----BEGIN LICENSE-----\n/);

    const keys = ['--keys', 'keys/vendor.public.jwks.json'];
    expect(latchkey('verify', 'license.lic', ...keys)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^VALID: /),
      stderr: '',
    });
    expect(latchkey('verify', 'license.lic', ...keys, '--product', 'other')).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/^PRODUCT_MISMATCH: /),
    });
  });

  it('takes the product from the environment', () => {
    const verify = ['verify', 'license.lic', '--keys', 'keys/vendor.public.jwks.json'];
    const { status } = spawnSync(process.execPath, [program, ...verify], {
      cwd: directory,
      env: { ...process.env, LICENSE_PRODUCT: 'other' },
    });
    expect(status).toBe(1);
  });

  it.each([
    [['inspect', 'nothing.lic'], 2],
    [['inspect', '--colour'], 2],
    [['inspect', program], 1],
    [['inspect', '/dev/zero'], 1],
    [[], 2],
  ])('ends %j with %i and without a stack trace', (args, exitCode) => {
    const ended = latchkey(...args);
    expect(ended).toMatchObject({ exitCode, stdout: '', stderr: expect.stringContaining('latchkey: ') });
    expect(ended.stderr).not.toMatch(/^ +at /m);
  });

  it('ends quietly when nobody reads on', () => {
    const pipe = `"${process.execPath}" "${program}" issue --help | true`;
    expect(finished('sh', ['-c', pipe])).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  });

  it('says so when its output cannot be written', () => {
    if (!existsSync('/dev/full')) return; // a disk that is always full; only Linux has it
    const full = `"${process.execPath}" "${program}" encryption-key > /dev/full`;
    const ended = finished('sh', ['-c', full]);
    expect(ended).toMatchObject({ exitCode: 1, stderr: 'latchkey: the output cannot be written (ENOSPC)\n' });
  });

  it('runs as npx latchkey in the repository', () => {
    expect(finished('npx', ['--no-install', 'latchkey', '--version'], root)).toMatchObject({
      exitCode: 0,
      stdout: latchkey('--version').stdout,
    });
  });
});
