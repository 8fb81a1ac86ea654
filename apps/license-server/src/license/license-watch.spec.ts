import { chmodSync, mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { LicenseError, TrustedKeyRing, type SignedLicense } from '@latchkey/license/protocol';
import { ManualClock, TestIssuer } from '@latchkey/license/testing';

import { nowS, WatchedFolder } from '../../test/watched-folder.js';
import { LicenseFile } from './license-file.js';

const minuteS = 60;
const minuteMs = minuteS * 1000;
const dayS = 24 * 60 * minuteS;

let issuer: TestIssuer;
let folder: WatchedFolder;

beforeAll(async () => {
  issuer = await TestIssuer.create('agent-os', new ManualClock());
});

beforeEach(() => {
  folder = new WatchedFolder(issuer);
});

afterEach(() => folder.remove());

describe('the license file, watched', () => {
  it('serves what is there at the first look', () => {
    const jws = folder.put(issuer.issue());
    const watch = folder.start();
    expect(watch.current?.jws).toBe(jws);
    expect(watch.standing).toBe('active');
    expect(watch.problem).toBeNull();
    folder.look();
    expect(folder.log).toEqual([]);
  });

  it('serves the license given as text', () => {
    const jws = issuer.issue();
    const file = new LicenseFile({ text: jws }, TrustedKeyRing.from(issuer.trustedKeys), undefined, () => {});
    expect(folder.start(file).current?.jws).toBe(jws);
  });

  it('says once that there is no file, and serves it when it comes', () => {
    const watch = folder.start();
    folder.look();
    folder.look();
    expect(watch.current).toBeNull();
    expect(watch.standing).toBeNull();
    expect(watch.problem?.code).toBe('FILE_ABSENT');
    expect(folder.log).toEqual([
      expect.stringMatching(/^error .*license\.lic: no such file.*no license is served/),
    ]);
    const jws = folder.put(issuer.issue());
    folder.lookOnce();
    expect(watch.current?.jws).toBe(jws);
    expect(watch.problem).toBeNull();
    expect(folder.log.at(-1)).toMatch(/^info serving license/);
  });

  it.each([
    ['in place', (jws: string) => void folder.put(jws)],
    [
      'by rename, as editors do',
      (jws: string) => {
        folder.put(jws, `${folder.path}.tmp`);
        renameSync(`${folder.path}.tmp`, folder.path);
      },
    ],
  ])('takes a renewal over at the next look: written %s', (_, replace) => {
    folder.put(issuer.issue());
    const watch = folder.start();
    folder.look();
    const told: string[] = [];
    watch.changes$.subscribe((signed) => told.push(signed.jws));
    const renewal = issuer.issue();
    replace(renewal);
    folder.lookOnce();
    expect(watch.current?.jws).toBe(renewal);
    folder.look();
    expect(told).toEqual([renewal]);
  });

  it('follows the symlink swap of a Kubernetes secret', () => {
    const { directory, path } = folder;
    const [first, second] = ['..1', '..2'].map((name) => {
      mkdirSync(join(directory, name));
      return folder.put(issuer.issue(), join(directory, name, 'license.lic'));
    });
    symlinkSync('..1', join(directory, '..data'));
    symlinkSync(join('..data', 'license.lic'), path);
    const watch = folder.start();
    expect(watch.current?.jws).toBe(first);
    folder.look();
    symlinkSync('..2', join(directory, '..data_tmp'));
    renameSync(join(directory, '..data_tmp'), join(directory, '..data'));
    folder.lookOnce();
    expect(watch.current?.jws).toBe(second);
  });

  it('gives a file that is being written in place the time to be whole', () => {
    folder.put(issuer.issue());
    const watch = folder.start();
    folder.look();
    const renewal = issuer.issue();
    folder.write(renewal.slice(0, 400));
    folder.lookOnce();
    expect(watch.problem).toBeNull();
    folder.put(renewal);
    folder.lookOnce();
    expect(watch.current?.jws).toBe(renewal);
    expect(folder.log.filter((line) => line.startsWith('error'))).toEqual([]);
  });

  it('tries again by itself when the file could not be read', () => {
    const jws = folder.put(issuer.issue());
    let failures = 3;
    class FlakyFile extends LicenseFile {
      override read(): SignedLicense {
        failures -= 1;
        if (failures >= 0) throw new LicenseError('FILE_UNREADABLE', 'too many open files');
        return super.read();
      }
    }
    const watch = folder.start(folder.file(undefined, FlakyFile));
    folder.look();
    expect(watch.problem?.code).toBe('FILE_UNREADABLE');
    folder.lookOnce();
    expect(watch.current?.jws).toBe(jws);
  });

  it('takes over an older license that is already there when the one being served ends', () => {
    folder.put(issuer.issue({ serial: 1000, exp: nowS + minuteS }));
    const watch = folder.start();
    const annual = folder.put(issuer.issue({ serial: 1 }));
    folder.look();
    expect(watch.problem?.code).toBe('ROLLBACK');
    folder.clock.advance(minuteMs);
    expect(watch.current?.jws).toBe(annual);
    expect(watch.problem).toBeNull();
    expect(folder.log.filter((line) => line.startsWith('error'))).toHaveLength(1);
  });

  it('serves a license on through its grace period and after its end, and warns of each', () => {
    const jws = folder.put(issuer.issue({ license_expires: nowS + minuteS, exp: nowS + 2 * minuteS }));
    const watch = folder.start();
    folder.clock.advance(minuteMs);
    expect(watch.standing).toBe('grace');
    folder.clock.advance(minuteMs);
    expect(watch.standing).toBe('expired');
    expect(watch.current?.jws).toBe(jws);
    expect(folder.log).toEqual([
      expect.stringMatching(/^warn license .* ends in less than a day, at/),
      expect.stringMatching(/^warn license .* has ended and is in its grace period/),
      expect.stringMatching(/^warn license .* has expired/),
    ]);
  });

  it('says that a license is going to end, once and not at each look, until its renewal is there', () => {
    folder.put(issuer.issue({ jti: 'license-a', exp: nowS + 30 * dayS + 1 }));
    folder.start();
    expect(folder.log).toEqual([]);
    folder.clock.advance(minuteMs);
    expect(folder.log.splice(0)).toEqual([
      expect.stringMatching(/^warn license license-a ends in 30 days, at .*: install its renewal/),
    ]);
    folder.put(issuer.issue());
    folder.clock.advance(minuteMs);
    expect(folder.log).toEqual([expect.stringMatching(/^info serving license/)]);
  });

  it('says every day in the grace period that the license has ended', () => {
    folder.put(issuer.issue({ license_expires: nowS - 3 * dayS, exp: nowS + 14 * dayS }));
    folder.start();
    folder.clock.advance(dayS * 1000);
    expect(folder.log).toEqual([
      expect.stringMatching(/^warn .* is in its grace period, with 14 days left/),
      expect.stringMatching(/^warn .* is in its grace period, with 13 days left/),
    ]);
  });

  it('serves a license that is not valid yet, and warns', () => {
    const jws = folder.put(issuer.issue({ nbf: nowS + minuteS }));
    expect(folder.start().current?.jws).toBe(jws);
    expect(folder.log).toEqual([expect.stringMatching(/^warn license .* is not valid yet/)]);
  });

  it('warns once when every user of the machine may change the file', () => {
    folder.put(issuer.issue());
    chmodSync(folder.path, 0o666);
    folder.start();
    folder.put(issuer.issue());
    folder.look();
    expect(folder.log.filter((line) => line.includes('world-writable'))).toHaveLength(1);
  });

  it('never writes the license or the customer into the log', () => {
    const jws = folder.put(issuer.issue());
    folder.start();
    folder.write(jws.slice(0, -20));
    folder.look();
    folder.put(issuer.issue());
    folder.look();
    expect(folder.log).toHaveLength(2);
    for (const secret of ['Test Customer', 'customer-1', jws.slice(0, 40)]) {
      expect(folder.log.join()).not.toContain(secret);
    }
  });

  it('stops looking at shutdown', () => {
    const jws = folder.put(issuer.issue());
    const watch = folder.start();
    watch.beforeApplicationShutdown();
    folder.put(issuer.issue());
    folder.look();
    expect(watch.current?.jws).toBe(jws);
  });
});
