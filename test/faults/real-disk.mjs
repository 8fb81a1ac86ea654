import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { expectSame } from '../../scripts/demo/claims.mjs';
import { Bench } from './bench.mjs';
import { expectFine, expectUnsaved } from './expectations.mjs';

const size = '256k';

/** A small disk of its own for a service, which is filled up, becomes read-only and comes back. */
export async function run({ claims, folder, vendor }) {
  const problem = mountProblem();
  if (problem !== null) return console.log(`  skipped, disks that are full or read-only: ${problem}`);
  const disk = join(folder, 'disk');
  mkdirSync(disk, { recursive: true });
  const mount = `mount -t tmpfs -o size=${size},mode=700 tmpfs "$0" && exec "$@"`;
  const bench = new Bench(join(disk, 'keys'), vendor, ['unshare', '-m', 'sh', '-c', mount, disk]);
  await bench.launch();
  const scene = async (title, prove) => {
    await claims.claim(title, async () => {
      await bench.reset();
      await bench.start();
      const evidence = await prove();
      await bench.renew();
      await bench.restart();
      await expectFine(bench);
      return evidence;
    });
  };

  await scene(
    'a disk that is full costs nothing, and the next word after there is room again is saved',
    async () => {
      const filler = bench.seen(join(disk, 'filler'));
      fill(filler);
      await bench.renew();
      expectUnsaved('ENOSPC', await bench.look());
      expectSame('the file', bench.files().holds, 'old');
      rmSync(filler);
      return 'enterprise all the while, ENOSPC in status and log';
    },
  );

  await scene(
    'a disk that comes back read-only costs nothing, not even at a start with everything else down',
    async () => {
      remount(bench.pid, disk, 'ro');
      await bench.renew();
      expectUnsaved('EROFS', await bench.look());
      expectSame('the file', bench.files().holds, 'old');
      await bench.restart();
      const { active, http, license, source } = await bench.look();
      const expected = { active: true, http: 200, serial: 1, source: 'file' };
      expectSame('after the start', { active, http, serial: license?.serial, source }, expected);
      await bench.renew();
      expectUnsaved('EROFS', await bench.look());
      remount(bench.pid, disk, 'rw');
      return 'licensed by the old key from a read-only disk, EROFS in status and log, saved once it is writable';
    },
  );

  await scene('a folder that somebody deletes is made again with the next word', async () => {
    rmSync(bench.seen(bench.folder), { recursive: true });
    await bench.renew();
    expectSame('mode of the folder', (statSync(bench.seen(bench.folder)).mode & 0o777).toString(8), '700');
    return 'enterprise all the while';
  });
  await bench.close();
}

function mountProblem() {
  try {
    execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'pipe' });
    return null;
  } catch (error) {
    return `"unshare -m" and "mount" are not allowed here (${String(error.stderr ?? error.code).trim()})`;
  }
}

function fill(path) {
  try {
    for (;;) appendFileSync(path, Buffer.alloc(4096));
  } catch (error) {
    if (error.code !== 'ENOSPC') throw error;
  }
}

function remount(pid, disk, how) {
  execFileSync('nsenter', ['-t', String(pid), '-m', 'mount', '-o', `remount,${how}`, disk]);
}
