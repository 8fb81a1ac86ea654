import { readFileSync } from 'node:fs';

import { Terminal } from '../test/support/terminal.js';
import { run } from './run.js';

describe('the command line', () => {
  const terminal = new Terminal();

  it.each([
    ['an unknown command', ['isue'], "unknown command 'isue'\n(Did you mean issue?)"],
    ['an unknown option', ['inspect', '--colour', 'file'], "unknown option '--colour'"],
    ['a required option left out', ['verify', 'file'], "required option '--keys <file>' not specified"],
    ['an argument left out', ['inspect'], "missing required argument 'file'"],
    ['one argument too many', ['inspect', 'a', 'b'], 'too many arguments'],
    ['an output form that does not exist', ['inspect', 'a', '-o', 'xml'], 'Allowed choices are text, json.'],
    ['no command at all', [], 'expected a command'],
    ['help for a command that does not exist', ['help', 'isue'], 'expected a command'],
  ])('answers %s with 2 and what was expected', async (_what, argv, message) => {
    expect(await terminal.run(...argv)).toBe(2);
    expect(terminal.stdout).toBe('');
    expect(terminal.stderr).toContain(`latchkey: `);
    expect(terminal.stderr).toContain(message);
  });

  it('points to the help of the command that was used wrongly', async () => {
    await terminal.run('verify', 'file');
    expect(terminal.stderr).toMatch(/Try "latchkey verify --help"\.\n$/);
  });

  it.each([
    ['in front of the command', ['-o', 'json', 'inspect', '--colour', 'file']],
    ['behind it', ['inspect', '--colour', 'file', '--output=json']],
  ])('says errors as one JSON document, too, with the option %s', async (_where, argv) => {
    expect(await terminal.run(...argv)).toBe(2);
    expect(terminal.json()).toEqual({ ok: false, code: 'USAGE', message: "unknown option '--colour'" });
    expect(terminal.stderr).toBe('');
  });

  it('prints its version, which is the one of the package', async () => {
    const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(await terminal.run('--version')).toBe(0);
    expect(terminal.stdout).toBe(`${manifest.version}\n`);
  });

  it.each([[['help']], [['--help']], [['help', 'issue']], [['issue', '--help']]])(
    'helps when asked by %j',
    async (argv) => {
      expect(await terminal.run(...argv)).toBe(0);
      expect(terminal.stdout).toContain('$ latchkey issue');
      expect(terminal.stderr).toBe('');
    },
  );

  it.each(['keygen', 'encryption-key', 'issue', 'inspect', 'verify', 'open'])(
    'shows an example of %s that fits into 80 columns',
    async (command) => {
      await terminal.run(command, '--help');
      expect(terminal.stdout).toContain(`Example:\n  $ latchkey ${command}`);
      expect(terminal.stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    },
  );

  it('reports what nobody expected in one line, without a stack trace', async () => {
    const broken = new Terminal();
    broken.clock.wallMs = () => {
      throw new TypeError('the clock is gone');
    };
    const argv = [
      'issue',
      '--key',
      'x',
      '--customer',
      'x',
      '--product',
      'x',
      '--edition',
      'x',
      '--perpetual',
    ];
    expect(await run(argv, broken)).toBe(1);
    expect(broken.stderr).toBe('latchkey: UNEXPECTED: the clock is gone\n');
  });
});
