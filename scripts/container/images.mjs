import { execFile } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { ensureNatsServer, repository } from '../set-up.mjs';
import { installDebianPackages, isOnPath, NoContainers } from './packages.mjs';

const execute = promisify(execFile);

/**
 * The image that the Dockerfile starts from: `NODE_IMAGE`, else the Dockerfile's default, else, where no registry
 * can be reached, a minimal Debian with this machine's Node in it.
 *
 * @returns {Promise<{ image: string, origin: string }>}
 */
export async function baseImage(podman) {
  const dockerfile = readFileSync(join(repository, 'Dockerfile'), 'utf8');
  const given = process.env.NODE_IMAGE;
  const wanted = given || /^ARG NODE_IMAGE=(\S+)$/m.exec(dockerfile)?.[1];
  try {
    return { image: await podman.run('pull', '--quiet', wanted), origin: wanted };
  } catch (error) {
    if (given) throw error;
    const image = await debianWithNode(podman);
    return { image, origin: `made by debootstrap, ${wanted} cannot be pulled` };
  }
}

/** A broker image: `NATS_IMAGE`, else this machine's nats-server (which needs no libraries) on the base image. */
export async function natsImage(podman, base) {
  if (process.env.NATS_IMAGE) return process.env.NATS_IMAGE;
  const folder = join(podman.state, 'nats');
  mkdirSync(folder);
  copyFileSync(ensureNatsServer(), join(folder, 'nats-server'));
  writeFileSync(
    join(folder, 'Dockerfile'),
    `FROM ${base}\nCOPY nats-server /\nENTRYPOINT ["/nats-server"]\nCMD []\n`,
  );
  const tag = 'localhost/nats:test';
  await podman.build(folder, tag);
  return tag;
}

async function debianWithNode(podman) {
  if (process.getuid() !== 0) throw new NoContainers('no registry can be reached and debootstrap needs root');
  if (!isOnPath('debootstrap')) await installDebianPackages('debootstrap');
  const root = join(podman.state, 'debian');
  const { mirror, codename } = await debianMirror();
  console.log(`$ debootstrap --variant=minbase ${codename}`);
  try {
    await execute('debootstrap', ['--variant=minbase', '--include=ca-certificates', codename, root, mirror], {
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (error) {
    throw new NoContainers(`no registry can be reached and debootstrap failed: ${lastLine(error.stdout)}`);
  }
  await addNode(root);
  for (const path of [
    'var/cache/apt',
    'var/lib/apt/lists',
    'usr/share/doc',
    'usr/share/man',
    'usr/share/locale',
  ]) {
    rmSync(join(root, path), { recursive: true, force: true });
  }
  const archive = `${root}.tar`;
  await execute('tar', ['--directory', root, '--create', '--file', archive, '.']);
  const image = await podman.run('import', '--quiet', archive, 'localhost/node:local');
  rmSync(root, { recursive: true });
  rmSync(archive);
  return image;
}

/** Where this machine's own Debian came from. */
async function debianMirror() {
  const { stdout: codename } = await execute('sh', [
    '-c',
    '. /etc/os-release; printf %s "$VERSION_CODENAME"',
  ]);
  const format = '$(LABEL) $(CODENAME) $(COMPONENT) $(REPO_URI)';
  const { stdout } = await execute('apt-get', ['indextargets', '--format', format, 'Created-By: Packages']);
  const start = `Debian ${codename} main `;
  const mirror = stdout
    .split('\n')
    .find((line) => line.startsWith(start))
    ?.slice(start.length);
  if (mirror === undefined) throw new NoContainers(`apt names no mirror of Debian ${codename}`);
  return { mirror, codename };
}

async function addNode(root) {
  const { stdout } = await execute('sh', ['-c', 'command -v npm']);
  // …/npm/bin/npm-cli.js
  const npm = dirname(dirname(realpathSync(stdout.trim())));
  cpSync(npm, join(root, 'usr/lib/node_modules/npm'), { recursive: true, verbatimSymlinks: true });
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(root, 'usr/bin/npm'));
  copyFileSync(process.execPath, join(root, 'usr/bin/node'));
  await execute('chroot', [root, 'node', '--version']);
}

function lastLine(text) {
  return String(text).trim().split('\n').at(-1);
}
