import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { FileLicenseStore } from './file-license-store.js';
import type { LicenseStore } from './license-store.js';
import { MemoryLicenseStore } from './memory-license-store.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'latchkey-store-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const adapters: [string, () => LicenseStore][] = [
  ['FileLicenseStore', () => new FileLicenseStore([join(directory, 'keys', 'license.key')], () => {})],
  ['MemoryLicenseStore', () => new MemoryLicenseStore()],
];

describe.each(adapters)('a license store: %s', (_name, create) => {
  let store: LicenseStore;
  beforeEach(() => {
    store = create();
  });

  it('is empty at first', () => {
    expect(store.read()).toBeNull();
  });

  it('gives back what was written, again and again', async () => {
    await store.write('a.b.c');
    expect([store.read(), store.read()]).toEqual(['a.b.c', 'a.b.c']);
  });

  it('replaces what was there as a whole', async () => {
    await store.write('a long text that was there before');
    await store.write('short');
    expect(store.read()).toBe('short');
  });

  it('takes 60 KiB, the order of the largest key file', async () => {
    const large = 'x'.repeat(60 * 1024);
    await store.write(large);
    expect(store.read()).toBe(large);
  });

  it('still holds what was put aside, until it is overwritten', async () => {
    await store.keepAside(); // nothing there: nothing happens
    await store.write('first');
    await store.keepAside();
    expect(store.read()).toBe('first');
    await store.write('second');
    expect(store.read()).toBe('second');
  });

  it('says where it keeps it', async () => {
    expect(store.location).not.toBe('');
    await store.write('x');
    expect(store.location).not.toBe('');
  });
});

it('a memory store can be made with something in it', () => {
  expect(new MemoryLicenseStore('a.b.c').read()).toBe('a.b.c');
});
