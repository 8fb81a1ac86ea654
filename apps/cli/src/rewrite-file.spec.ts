import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

import { rewriteFile } from './rewrite-file.js';

/** Reads a file over and over, until it says "end"; then tells which texts it saw. */
const reader = `
  const { readFileSync } = require('node:fs');
  const { parentPort, workerData } = require('node:worker_threads');
  const seen = new Set();
  while (!seen.has('end')) seen.add(readFileSync(workerData, 'utf8'));
  parentPort.postMessage(seen);
`;

describe('rewriting a file', () => {
  let directory: string;
  let path: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'latchkey-cli-'));
    path = join(directory, 'file');
    writeFileSync(path, 'old', { mode: 0o600 });
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('shows a reader the old text or the new one, and nothing between', async () => {
    const texts = ['old', 'a'.repeat(100_000), 'b'.repeat(90_000), 'end'];
    const worker = new Worker(reader, { eval: true, workerData: path });
    await once(worker, 'online');
    for (let i = 0; i < 150; i += 1) {
      rewriteFile(path, texts[1 + (i % 2)] ?? '');
      await setImmediate();
    }
    rewriteFile(path, 'end');
    const [seen] = (await once(worker, 'message')) as [Set<string>];
    expect([...seen].filter((text) => !texts.includes(text))).toEqual([]);
    expect(seen.size).toBeGreaterThan(2);
  });

  it('gives the new one the mode that is asked for, whatever the umask', () => {
    const before = process.umask(0o077);
    try {
      rewriteFile(path, 'new', (mode) => mode | 0o044);
    } finally {
      process.umask(before);
    }
    expect(statSync(path).mode & 0o777).toBe(0o644);
    expect(readFileSync(path, 'utf8')).toBe('new');
  });

  it('leaves everything as it was when it fails', () => {
    mkdirSync(join(directory, 'folder'));
    expect(() => rewriteFile(join(directory, 'folder'), 'new')).toThrow('cannot be replaced (EISDIR)');
    expect(() => rewriteFile(join(directory, 'nothing'), 'new')).toThrow('cannot be replaced (ENOENT)');
    expect(readdirSync(directory)).toEqual(['file', 'folder']);
  });
});
