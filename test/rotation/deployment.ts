import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import {
  openKeyFile,
  parseEncryptionKeys,
  type EncryptionKeyRing,
  type KeyFileContent,
} from '@latchkey/license/protocol';
import { until } from '@latchkey/license/testing';
import type { LicenseStatus } from '@latchkey/license';

import { Broker } from '../support/broker.js';
import { RunningProgram } from './running-program.js';
import { Runbook } from './runbook.js';
import { Witness } from './witness.js';

const programs = join(import.meta.dirname, '../../dist/apps');

/** The machines of `docs/key-rotation.md` that run a service. */
export const services = ['app-server', 'agent-server', 'app-runtime'] as const;
export type Service = (typeof services)[number];

/** What `GET /health` of the license-server says, as far as it is looked at here. */
interface Health {
  readonly reasons: readonly { readonly code: string }[];
  readonly license: { readonly id: string; readonly kid: string } | null;
  readonly revocations: { readonly revoked: number } | null;
  readonly server: { readonly encryptionKeys: readonly string[] };
}

/**
 * A deployment as processes of this machine: a broker, a license-server and three services, each with its files in a
 * folder of its own, and a desk at which the vendor and the operator type their commands.
 */
export class Deployment {
  readonly witness = new Witness();
  readonly desk: string;
  readonly runbook: Runbook;
  #server: RunningProgram | undefined;
  readonly #services = new Map<Service, RunningProgram>();

  private constructor(
    /** One folder per machine. Below the programs: a service is a copy of one, with the vendor's keys in it. */
    private readonly machines: string,
    readonly broker: Broker,
    private readonly more: Readonly<Record<string, string>>,
  ) {
    this.desk = this.folder('desk');
    mkdirSync(this.desk);
    mkdirSync(this.folder('license-server'));
    for (const name of services) cpSync(join(programs, 'demo-app'), this.folder(name), { recursive: true });
    this.runbook = new Runbook(this.desk, machines);
  }

  /**
   * Everything runs, every service is enterprise and has it in its key file, and the witness watches them.
   *
   * @param more variables of the license-server
   */
  static async start(more: Readonly<Record<string, string>> = {}): Promise<Deployment> {
    for (const name of ['demo-app', 'license-server', 'cli']) {
      if (!existsSync(join(programs, name, 'main.js'))) throw new Error('run "npm run build" first');
    }
    const deployment = new Deployment(mkdtempSync(join(programs, 'rotation-')), await Broker.start(), more);
    await deployment.#install();
    await Promise.all([deployment.startServer(), ...services.map((name) => deployment.#startService(name))]);
    await until(() => deployment.all(({ active, persisted }) => active && persisted));
    for (const name of services) deployment.witness.watch(name, deployment.service(name));
    return deployment;
  }

  async #install(): Promise<void> {
    await this.runbook.type(`
      umask 077
      latchkey keygen --out keys --bits 2048
      cp keys/vendor.public.jwks.json .
      latchkey encryption-key --kid 2026-11 > encryption.keys
      latchkey issue --key keys/vendor.private.pem --customer acme --product agent-os \\
        --edition enterprise --expires 2099-12-31 --id lic-1
      roll_out encryption.keys license-server ${services.join(' ')}
      roll_out vendor.public.jwks.json license-server ${services.join(' ')}
      roll_out license.lic license-server
    `);
  }

  async stop(): Promise<void> {
    await this.witness.stop();
    await this.#server?.stop('SIGKILL');
    for (const service of this.#services.values()) await service.stop('SIGKILL');
    await this.broker.kill();
    rmSync(this.machines, { recursive: true });
  }

  folder(machine: string): string {
    return join(this.machines, machine);
  }

  /** The license-server, which must be running. */
  get server(): RunningProgram {
    if (this.#server === undefined) throw new Error('the license-server is not running');
    return this.#server;
  }

  async startServer(): Promise<void> {
    const folder = this.folder('license-server');
    this.#server = await RunningProgram.start(join(programs, 'license-server/main.js'), folder, {
      NATS_URL: this.broker.url,
      LICENSE_ENCRYPTION_KEYS_FILE: join(folder, 'encryption.keys'),
      LICENSE_PUBLIC_KEYS_FILE: join(folder, 'vendor.public.jwks.json'),
      LICENSE_PATH: join(folder, 'license.lic'),
      ...this.more,
    });
  }

  async stopServer(): Promise<void> {
    await this.server.stop();
    this.#server = undefined;
  }

  /** Server and broker are gone, and each service is restarted: what they know now is in their own files. */
  async leaveServicesAlone(): Promise<void> {
    await this.stopServer();
    await this.broker.kill();
    await this.#restartServices();
  }

  /** What a release does, and a change of what is only read at the start: server and services are restarted. */
  async release(): Promise<void> {
    await this.stopServer();
    await Promise.all([this.startServer(), this.#restartServices()]);
  }

  service(name: Service): RunningProgram {
    const running = this.#services.get(name);
    if (running === undefined) throw new Error(`${name} is not running`);
    return running;
  }

  async #startService(name: Service): Promise<void> {
    const folder = this.folder(name);
    const service = await RunningProgram.start(join(folder, 'main.js'), folder, {
      SERVICE_NAME: name,
      NATS_URL: this.broker.url,
      LICENSE_ENCRYPTION_KEYS_FILE: join(folder, 'encryption.keys'),
      LICENSE_KEY_PATH: join(folder, 'license.key'),
    });
    this.#services.set(name, service);
  }

  /** The witness asks each of them again as soon as it listens. */
  async #restartServices(): Promise<void> {
    await Promise.all(
      services.map(async (name) => {
        await this.service(name).stop();
        await this.#startService(name);
        this.witness.watch(name, this.service(name));
      }),
    );
  }

  /** What every service believes about its license. */
  statuses(): Promise<LicenseStatus[]> {
    return Promise.all(
      services.map(async (name) => (await this.service(name).get('/license')).body as LicenseStatus),
    );
  }

  /** True when every service believes so. */
  async all(condition: (status: LicenseStatus) => boolean): Promise<boolean> {
    return (await this.statuses()).every(condition);
  }

  /** The key file of a service, opened with the keys on its own machine. */
  keyFile(name: Service): { readonly kid: string; readonly content: KeyFileContent } {
    return openKeyFile(readFileSync(join(this.folder(name), 'license.key'), 'utf8'), this.ring(name));
  }

  /** The encryption keys on a machine. */
  ring(machine: string): EncryptionKeyRing {
    return parseEncryptionKeys(readFileSync(join(this.folder(machine), 'encryption.keys'), 'utf8'));
  }

  async health(): Promise<Health> {
    return (await this.server.get('/health')).body as Health;
  }

  /** The codes of what is wrong with the license-server. */
  async reasons(): Promise<string[]> {
    return (await this.health()).reasons.map(({ code }) => code);
  }
}
