import { spawn, type ChildProcess } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { systemClock } from '@latchkey/license/protocol';
import { until } from '@latchkey/license/testing';

import { run } from '../../apps/cli/src/run.js';
import { Broker } from '../support/broker.js';
import { SecretWatch } from './secret-watch.js';

const programs = join(import.meta.dirname, '../../dist/apps');

export const customerName = 'Confidential Holdings';
export const natsPassword = 'q9-nats-password-Zk3';

/** A program that runs, and everything it says is heard by the watch when it has ended. */
export interface RunningProgram {
  /** Where it listens. */
  readonly url: string;
  readonly output: () => string;
  readonly stop: () => Promise<void>;
}

/** Everything that is secret about one deployment, made by the command line, and the programs that work with it. */
export class SecretDeployment {
  readonly watch = new SecretWatch();
  /** Below the programs, so that a copy of the demo app finds its packages. */
  readonly directory = mkdtempSync(join(programs, 'secrets-'));
  readonly #running = new Set<ChildProcess>();

  private constructor(readonly broker: Broker) {}

  static async create(): Promise<SecretDeployment> {
    if (!existsSync(join(programs, 'demo-app/main.js'))) throw new Error('run "npm run build" first');
    const broker = await Broker.start('--user', 'licensed', '--pass', natsPassword);
    const deployment = new SecretDeployment(broker);
    await deployment.#makeSecrets();
    return deployment;
  }

  async #makeSecrets(): Promise<void> {
    const { watch } = this;
    await this.latchkey(['keygen', '--out', this.path('keys'), '--bits', '2048']);
    const line = (await this.latchkey(['encryption-key', '--kid', 'one'], ['encryption key'])).trim();
    writeFileSync(this.path('encryption.keys'), `${line}\n`, { mode: 0o600 });
    const what = ['--product', 'agent-os', '--edition', 'enterprise', '--expires', '2099-12-31'];
    const who = ['--customer', 'customer-7', '--customer-name', customerName];
    const files = ['--key', this.path('keys/vendor.private.pem'), '--out', this.path('license.lic')];
    await this.latchkey(['issue', ...files, ...who, ...what]);

    watch.bytes('encryption key', Buffer.from(line.split(':')[1] ?? '', 'base64url'));
    watch.text('NATS password', natsPassword);
    watch.text('customer', customerName);
    watch.text('private key', this.read('keys/vendor.private.pem'));
    const jwk = createPrivateKey(this.read('keys/vendor.private.pem')).export({ format: 'jwk' });
    for (const part of [jwk.d, jwk.p, jwk.q, jwk.dp, jwk.dq, jwk.qi]) {
      watch.bytes('private key', Buffer.from(part ?? '', 'base64url'));
    }
    // As it is written: what it says, such as its id, may be said in other words.
    for (const part of this.license.split('.').slice(1)) watch.text('license', part);
  }

  /** The signed license, a compact JWS. */
  get license(): string {
    return this.read('license.lic').replaceAll(/-----.*-----|\s/g, '');
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  /** Runs the command line in this process. @returns what it printed, which the watch has heard */
  async latchkey(args: readonly string[], mayShow: readonly string[] = []): Promise<string> {
    let said = '';
    const say = (text: string): void => void (said += text);
    await run(args, { out: say, err: say, env: {}, clock: systemClock });
    // It shows licenses to people: that is what it is for.
    this.watch.heard(`latchkey ${args.join(' ')}`, said, ['customer', ...mayShow]);
    return said;
  }

  /** Variables that license-server and service have in common. */
  get env(): Readonly<Record<string, string>> {
    return {
      NATS_URL: this.broker.url,
      NATS_USER: 'licensed',
      NATS_PASSWORD: natsPassword,
      LICENSE_ENCRYPTION_KEYS: this.read('encryption.keys').trim(),
      HTTP_PORT: '0',
    };
  }

  startServer(env: Readonly<Record<string, string>> = {}): Promise<RunningProgram> {
    return this.#start(join(programs, 'license-server/main.js'), {
      ...this.env,
      LICENSE_PUBLIC_KEYS_FILE: this.path('keys/vendor.public.jwks.json'),
      LICENSE_PATH: this.path('license.lic'),
      LOG_LEVEL: 'debug',
      ...env,
    });
  }

  /** The demo app, which pins the vendor's keys: a copy of it, with the keys of this vendor in it. */
  startService(env: Readonly<Record<string, string>> = {}): Promise<RunningProgram> {
    const copy = this.path('service');
    if (!existsSync(copy)) {
      cpSync(join(programs, 'demo-app'), copy, { recursive: true });
      cpSync(this.path('keys/vendor.public.jwks.json'), join(copy, 'vendor.public.jwks.json'));
    }
    const key = { LICENSE_KEY_PATH: this.path('license.key'), LOG_LEVEL: 'verbose' };
    return this.#start(join(copy, 'main.js'), { ...this.env, ...key, ...env });
  }

  async #start(program: string, env: Readonly<Record<string, string>>): Promise<RunningProgram> {
    const child = spawn(process.execPath, [program], {
      cwd: this.directory,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#running.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    const closed = once(child, 'close');
    const url = (): string => /listens on (http:\/\/[^\s,"]+)/.exec(output)?.[1] ?? '';
    await until(() => url() !== '' || child.exitCode !== null);
    return {
      url: url(),
      output: () => output,
      stop: async () => {
        child.kill();
        await closed;
        this.#running.delete(child);
        this.watch.heard(`the log of ${program.replace(this.directory, '')}`, output);
      },
    };
  }

  async remove(): Promise<void> {
    for (const child of this.#running) child.kill('SIGKILL');
    await this.broker.kill();
    rmSync(this.directory, { recursive: true });
  }
}
