import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { formatLicenseText } from '@latchkey/license/protocol';

import { repository } from '../../scripts/set-up.mjs';
import { kept } from './children.mjs';
import { profilingFlags } from './profiling.mjs';

const program = join(repository, 'dist', 'apps', 'license-server', 'main.js');
const startLimitMs = 30_000;

/** The real license-server in a process of its own. */
export class LicenseServer {
  /** Resolves when it is connected to the broker. */
  static async start(deployment, { url, subjectPrefix = 'license' }) {
    const server = new LicenseServer();
    server.folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
    server.install(deployment.issue());
    server.child = kept(
      spawn(process.execPath, [...profilingFlags, program], {
        cwd: server.folder,
        stdio: ['ignore', 'pipe', 'inherit'],
        env: {
          ...process.env,
          LICENSE_PATH: join(server.folder, 'license.lic'),
          LICENSE_PUBLIC_KEYS: JSON.stringify(deployment.publicKeys),
          LICENSE_ENCRYPTION_KEYS: deployment.encryptionKeys,
          LICENSE_PRODUCT: 'agent-os',
          LICENSE_SUBJECT_PREFIX: subjectPrefix,
          LICENSE_SERVER_ID: 'license-server-1',
          LICENSE_PUBLISH_INTERVAL: '1h',
          NATS_URL: url,
          HTTP_PORT: '0',
        },
      }),
    );
    await server.#says(/connected to NATS/);
    return server;
  }

  get pid() {
    return this.child.pid;
  }

  install(jws) {
    writeFileSync(join(this.folder, 'license.new'), formatLicenseText(jws));
    renameSync(join(this.folder, 'license.new'), join(this.folder, 'license.lic'));
  }

  async stop() {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const exited = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      await exited;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #says(pattern) {
    let said = '';
    const signal = AbortSignal.timeout(startLimitMs);
    this.child.stdout.setEncoding('utf8');
    while (!pattern.test(said)) {
      const [text] = await once(this.child.stdout, 'data', { signal });
      said += text;
    }
    this.child.stdout.resume();
  }
}
