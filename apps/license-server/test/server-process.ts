import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { generateEncryptionKey } from '@latchkey/license/issuing';
import {
  formatLicenseText,
  openSealedLicense,
  parseEncryptionKeys,
  type EncryptionKeyRing,
  type LicenseEnvelope,
} from '@latchkey/license/protocol';
import { TestIssuer, until } from '@latchkey/license/testing';

import type { HealthReport } from '../src/health/health-report.js';

const program = join(import.meta.dirname, '../../../dist/apps/license-server/main.js');

/** One deployment on disk: a folder with a vendor's public key, an encryption key and a license file. */
export class Deployment {
  readonly directory = mkdtempSync(join(tmpdir(), 'license-server-'));
  readonly licensePath = join(this.directory, 'license.lic');
  readonly keys: EncryptionKeyRing;
  readonly env: Readonly<Record<string, string>>;
  readonly #servers: ServerProcess[] = [];

  private constructor(
    readonly issuer: TestIssuer,
    natsUrl: string,
  ) {
    const key = generateEncryptionKey('first');
    this.keys = parseEncryptionKeys(key);
    this.env = {
      LICENSE_ENCRYPTION_KEYS: key,
      LICENSE_PUBLIC_KEYS: JSON.stringify(issuer.trustedKeys),
      LICENSE_PATH: this.licensePath,
      NATS_URL: natsUrl,
    };
  }

  static async create(natsUrl: string): Promise<Deployment> {
    return new Deployment(await TestIssuer.create(), natsUrl);
  }

  /** Writes a license file in place. */
  put(jws: string, path = this.licensePath): string {
    writeFileSync(path, formatLicenseText(jws));
    return jws;
  }

  open(sealed: string): LicenseEnvelope {
    return openSealedLicense(sealed, this.keys);
  }

  /** Starts a server of this deployment, on any free port, and waits until it listens. */
  async start(env: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
    const server = this.spawn({ HTTP_PORT: '0', ...env });
    await server.listening();
    return server;
  }

  /** Starts a server without waiting for anything. */
  spawn(env: Readonly<Record<string, string>>): ServerProcess {
    const server = new ServerProcess({ ...this.env, ...env });
    this.#servers.push(server);
    return server;
  }

  async remove(): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.stop('SIGKILL')));
    rmSync(this.directory, { recursive: true });
  }
}

/** The built license-server as a process of its own, with nothing of this environment but what it is given. */
export class ServerProcess {
  readonly #process: ChildProcess;
  readonly #exited: Promise<unknown>;
  #output = '';

  constructor(env: Readonly<Record<string, string>>) {
    if (!existsSync(program)) throw new Error(`${program} is missing: run "npm run build" first`);
    this.#process = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#exited = once(this.#process, 'close');
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    }
  }

  /** All that it printed so far, on both streams. */
  get output(): string {
    return this.#output;
  }

  /** Where it listens, as its log says; null before it does. */
  get url(): string | null {
    return /listens on (http:[^,]+),/.exec(this.#output)?.[1] ?? null;
  }

  /** Waits until it listens. @throws with its output when it ends before */
  async listening(): Promise<void> {
    await until(() => this.url !== null || this.#process.exitCode !== null);
    if (this.url === null) throw new Error(`the server ended before it listened:\n${this.#output}`);
  }

  get(path: string): Promise<Response> {
    return fetch(`${this.url}${path}`, { headers: { connection: 'close' } });
  }

  async health(): Promise<HealthReport> {
    return (await (await this.get('/health')).json()) as HealthReport;
  }

  /** The codes of the reasons in its health. */
  async reasons(): Promise<string[]> {
    return (await this.health()).reasons.map((reason) => reason.code);
  }

  /** @returns its exit code, once it has ended by itself and closed its output; null after a signal */
  async ended(): Promise<number | null> {
    await this.#exited;
    return this.#process.exitCode;
  }

  /** Sends a signal. @returns the exit code and how long it took */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<{ code: number | null; tookMs: number }> {
    const startMs = performance.now();
    this.#process.kill(signal);
    return { code: await this.ended(), tookMs: performance.now() - startMs };
  }
}
