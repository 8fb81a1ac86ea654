import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

import { transformSync } from '@swc/core';

import { keyFilePaths } from './key-file-paths.js';

/** The default paths as a process of its own sees them: a test cannot change where its own home directory is. */
function pathsWith(env: Record<string, string>, before = ''): unknown {
  const source = readFileSync(join(import.meta.dirname, 'key-file-paths.ts'), 'utf8');
  const { code } = transformSync(source, { swcrc: false, jsc: { parser: { syntax: 'typescript' } } });
  const program = `${before};\n${code};\nconsole.log(JSON.stringify(keyFilePaths(null)));`;
  return JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', program], {
      env,
      cwd: '/',
      encoding: 'utf8',
    }),
  );
}

describe('the key file is looked for', () => {
  it('below the home directory first, then in the working directory', () => {
    expect(keyFilePaths(null)).toEqual([
      join(homedir(), '.ai-agent-os', 'license.key'),
      resolve('license.key'),
    ]);
  });

  it('below another directory when the app names one', () => {
    expect(keyFilePaths(null, '.my-product')[0]).toBe(join(homedir(), '.my-product', 'license.key'));
  });

  it('nowhere else when a path is named', () => {
    expect(keyFilePaths('/var/lib/x/y.key')).toEqual(['/var/lib/x/y.key']);
    expect(keyFilePaths('y.key', '.my-product')).toEqual([resolve('y.key')]);
  });
});

(process.platform === 'win32' ? describe.skip : describe)('the home directory', () => {
  it('is where HOME points to', () => {
    expect(pathsWith({ HOME: '/home/app' })).toEqual(['/home/app/.ai-agent-os/license.key', '/license.key']);
  });

  it('is left out when there is none', () => {
    expect(pathsWith({ HOME: '' })).toEqual(['/license.key']);
  });

  it('is left out for a user whom the machine does not know, instead of ending the process', () => {
    if (process.geteuid?.() !== 0) {
      console.info('skipped: only root can become a user that does not exist');
      return;
    }
    expect(pathsWith({}, 'process.setuid(54321)')).toEqual(['/license.key']);
  });
});
