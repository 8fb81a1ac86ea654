import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { replaceFile, writeNewFiles } from './output-files.js';

describe('files written by the command line', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'latchkey-cli-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const file = (name: string) => ({ path: join(directory, name), content: 'new', mode: 0o600 });

  it('are all written, when they are new', () => {
    writeNewFiles([file('one'), file('two')]);
    expect(readdirSync(directory)).toEqual(['one', 'two']);
  });

  it('are none when one of them turns up while they are written', () => {
    writeFileSync(join(directory, 'two'), 'precious');
    expect(() => writeNewFiles([file('one'), file('two')])).toThrow('already there');
    expect(readdirSync(directory)).toEqual(['two']);
    expect(readFileSync(join(directory, 'two'), 'utf8')).toBe('precious');
  });

  it('leave nothing half done beside the one that cannot be replaced', () => {
    mkdirSync(join(directory, 'license.lic'));
    expect(() => replaceFile(file('license.lic'))).toThrow('cannot be written (EISDIR)');
    expect(readdirSync(directory)).toEqual(['license.lic']);
  });
});
