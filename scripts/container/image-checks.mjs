import { execFile } from 'node:child_process';
import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { eventually, expectSame } from '../demo/claims.mjs';

const execute = promisify(execFile);

const confined = [
  '--detach',
  '--network=none',
  '--read-only',
  '--tmpfs=/tmp',
  '--cap-drop=all',
  '--security-opt=no-new-privileges',
];
const volume = (path, target) => ['--volume', `${path}:${target}:ro`];
const variable = (name, value) => ['--env', `${name}=${value}`];

/** Builds one image of the Dockerfile and checks what an operator relies on, in one container without a network. */
export async function checkImage(name, base, { podman, deployment, claims }) {
  const image = `latchkey/${name}:dev`;
  let container;

  claims.scene(`image ${name}`);
  // A private key left in a folder that is sent to the build.
  copyFileSync(deployment.path('keys/vendor.private.pem'), deployment.path('apps', name, 'forgotten.pem'));

  await claims.claim('builds from the repository', async () => {
    await podman.build(deployment.folder, image, '--build-arg', `NODE_IMAGE=${base}`, '--target', name);
    const bytes = await podman.run('image', 'inspect', '--format', '{{.Size}}', image);
    return `${Math.round(bytes / 1e6)} MB`;
  });

  await claims.claim('starts confined and without a network, and passes its health check', async () => {
    const vendorKeys = deployment.path('deploy/vendor.public.jwks.json');
    container = await podman.run(
      'run',
      ...confined,
      ...volume(deployment.encryptionKey, '/run/secrets/encryption-keys'),
      ...volume(vendorKeys, '/run/secrets/vendor-keys'),
      ...variable('LICENSE_ENCRYPTION_KEYS_FILE', '/run/secrets/encryption-keys'),
      ...variable('LICENSE_PUBLIC_KEYS_FILE', '/run/secrets/vendor-keys'),
      image,
    );
    await eventually(() => podman.run('healthcheck', 'run', container));
    return podman.run('image', 'inspect', '--format', '{{join .HealthCheck.Test " "}}', image);
  });

  if (container === undefined) return;

  await claims.claim('its health check fails when nothing answers', async () => {
    const check = podman.run('exec', '--env', 'HTTP_PORT=7999', container, 'node', 'healthcheck.mjs', '/');
    return expectFailure(check, /ECONNREFUSED/);
  });

  await claims.claim('runs as uid 1000 without a capability, and cannot gain one', async () => {
    const status = await podman.run('exec', container, 'cat', '/proc/1/status');
    const field = (label) => new RegExp(`^${label}:\\s+(\\S+)`, 'm').exec(status)?.[1];
    const found = { uid: field('Uid'), capabilities: field('CapEff'), noNewPrivileges: field('NoNewPrivs') };
    expectSame('process 1', found, { uid: '1000', capabilities: '0000000000000000', noNewPrivileges: '1' });
    return JSON.stringify(found);
  });

  await claims.claim('nothing outside /tmp can be written, not even by root', () =>
    expectFailure(
      podman.run('exec', '--user', 'root', container, 'touch', '/app/x'),
      /Read-only file system/,
    ),
  );

  await claims.claim('SIGTERM ends it with 0 within 5 s', async () => {
    const fromMs = performance.now();
    await podman.run('stop', '--time', '5', container);
    const code = await podman.run('inspect', '--format', '{{.State.ExitCode}}', container);
    expectSame('exit code', code, '0');
    return `exit code 0 after ${Math.round(performance.now() - fromMs)} ms`;
  });

  await claims.claim('no layer, variable or history entry holds a secret', async () => {
    const archive = join(podman.state, `${name}.tar`);
    await podman.run('save', '--quiet', '--output', archive, image);
    // What has to be found shows that finding works: a file of the image, and its environment.
    for (const text of ['healthcheck.mjs', 'HTTP_PORT=7420']) {
      if (!(await contains(archive, text))) throw new Error(`expected ${text} in the image`);
    }
    const secrets = deployment.secrets();
    for (const [what, secret] of Object.entries(secrets)) {
      if (await contains(archive, secret)) throw new Error(`found ${what} in the image`);
    }
    return `looked for ${Object.keys(secrets).join(', ')}`;
  });
}

async function contains(archive, text) {
  const pattern = `${archive}.pattern`;
  writeFileSync(pattern, text); // in a file: a secret does not belong on a command line either
  try {
    await execute('grep', ['--quiet', '--text', '--fixed-strings', '--file', pattern, archive]);
    return true;
  } catch (error) {
    if (error.code === 1) return false;
    throw error;
  } finally {
    rmSync(pattern);
  }
}

/** @returns the line of the failure that says so. @throws {Error} when `promise` succeeds, or fails with another message */
async function expectFailure(promise, expected) {
  const message = await promise.then(
    () => 'it succeeded',
    (error) => error.message,
  );
  const line = message.split('\n').find((text) => expected.test(text));
  if (line === undefined) throw new Error(`expected ${expected}, found: ${message}`);
  return line.replace('podman exec failed: ', '');
}
