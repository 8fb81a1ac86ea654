import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { codeOf, refusalOf } from '../testing/throws-with-code.js';
import { readVariable } from './environment.js';

let directory: string;
let path: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'latchkey-environment-'));
  path = join(directory, 'password');
  writeFileSync(path, 'from the file\n');
});
afterAll(() => rmSync(directory, { recursive: true }));

const name = 'NATS_PASSWORD';

describe('a variable', () => {
  it('is taken as it stands', () => {
    expect(readVariable({ NATS_PASSWORD: ' p ss\n' }, name)).toBe(' p ss\n');
  });

  it('is not set when it is absent or empty, and so is its file', () => {
    for (const env of [
      {},
      { NATS_PASSWORD: '' },
      { NATS_PASSWORD_FILE: '' },
      { NATS_PASSWORD: '', NATS_PASSWORD_FILE: '' },
    ]) {
      expect(readVariable(env, name)).toBeUndefined();
    }
    expect(readVariable({ NATS_PASSWORD: 'p', NATS_PASSWORD_FILE: '' }, name)).toBe('p');
  });

  it('is the content of its file, without the line end', () => {
    expect(readVariable({ NATS_PASSWORD_FILE: path }, name)).toBe('from the file');
    expect(readVariable({ NATS_PASSWORD: '', NATS_PASSWORD_FILE: path }, name)).toBe('from the file');
  });

  it('is refused when it is set both ways; neither value is repeated', () => {
    const refusal = refusalOf(() => readVariable({ NATS_PASSWORD: 'p4ss', NATS_PASSWORD_FILE: path }, name));
    expect(refusal?.code).toBe('CONFIGURATION_INVALID');
    expect(refusal?.message).toContain('NATS_PASSWORD or NATS_PASSWORD_FILE');
    expect(refusal?.message).not.toMatch(/p4ss|from the file/);
  });

  it('is refused when its file cannot be used, and the message names the variable', () => {
    const missing = refusalOf(() => readVariable({ NATS_PASSWORD_FILE: join(directory, 'none') }, name));
    expect(missing?.code).toBe('FILE_ABSENT');
    expect(missing?.message).toMatch(/^NATS_PASSWORD_FILE /);
    expect(codeOf(() => readVariable({ NATS_PASSWORD_FILE: directory }, name))).toBe('FILE_REFUSED');
  });
});

(process.platform === 'win32' ? describe.skip : describe)('a variable in a file', () => {
  it('is handed on with the warning that every user may change it', () => {
    const warnings: string[] = [];
    chmodSync(path, 0o666);
    expect(readVariable({ NATS_PASSWORD_FILE: path }, name, (message) => warnings.push(message))).toBe(
      'from the file',
    );
    expect(warnings).toEqual([expect.stringContaining('NATS_PASSWORD_FILE')]);
  });
});
