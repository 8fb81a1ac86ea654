import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { connect, nkeyAuthenticator, type ConnectionOptions } from 'nats';

import { until } from '@latchkey/license/testing';

import { Broker } from '../../../test/support/broker.js';
import { NatsUser } from './nats-user.js';

const repository = join(import.meta.dirname, '../../..');

/** The users of `deploy/nats/nats-server.conf`. */
export type UserName = 'instance' | 'server';

/** A broker with the configuration of `deploy/nats`, set up by the very commands of `docs/nats.md`. */
export class SecuredBroker {
  readonly url: string;
  readonly #originals = new Map<string, string>();
  #changedAt = 0;

  private constructor(
    private readonly directory: string,
    private readonly broker: Broker,
  ) {
    this.url = `tls://localhost:${broker.port}`;
  }

  static async start(): Promise<SecuredBroker> {
    const directory = mkdtempSync(join(tmpdir(), 'latchkey-nats-'));
    const [conf, log, pid] = ['nats-server.conf', 'log', 'pid'].map((name) => join(directory, name));
    const broker = await Broker.reserve('-c', `${conf}`, '-l', `${log}`, '-P', `${pid}`);
    const secured = new SecuredBroker(directory, broker);
    secured.follow('Set it up');
    await broker.start();
    return secured;
  }

  async stop(): Promise<void> {
    await this.broker.kill();
    rmSync(this.directory, { recursive: true });
  }

  /** Runs the commands of one section of the guide, here and against this broker. @returns what they print */
  follow(section: string): string {
    const guide = readFileSync(join(repository, 'docs/nats.md'), 'utf8');
    const text = guide.split(/^##+ /m).find((part) => part.startsWith(`${section}\n`)) ?? '';
    const blocks = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, commands = '']) => commands);
    if (blocks.length === 0) throw new Error(`docs/nats.md: expected commands under "${section}"`);
    const commands = blocks
      .join('\n')
      .replaceAll('/etc/nats', this.directory)
      .replaceAll('/var/lib/nats', join(this.directory, 'jetstream'))
      .replaceAll('tls://nats.internal:4222', this.url);
    return execFileSync('bash', ['-euc', commands], { cwd: repository, encoding: 'utf8', stdio: 'pipe' });
  }

  /** What an app of this user has in its environment. */
  environment(user: UserName): Record<string, string> {
    return {
      NATS_URL: this.url,
      NATS_NKEY_SEED_FILE: join(this.directory, `${user}.nk`),
      NATS_TLS_CA_FILE: join(this.directory, 'ca.pem'),
    };
  }

  /** The same for the independent client. @param seed another key than the user's own */
  optionsOf(user: UserName, seed = readFileSync(join(this.directory, `${user}.nk`))): ConnectionOptions {
    return {
      ...this.anonymous,
      authenticator: nkeyAuthenticator(seed),
      inboxPrefix: `_INBOX_${user}`,
    };
  }

  /** Reaches the broker, knows its CA, and has no user. */
  get anonymous(): ConnectionOptions {
    return { servers: this.url, tls: { caFile: join(this.directory, 'ca.pem') }, reconnect: false };
  }

  async connect(user: UserName): Promise<NatsUser> {
    return new NatsUser(await connect(this.optionsOf(user)));
  }

  /** True when it logged this since the last {@link change}. */
  said(text: string): boolean {
    return this.#log().slice(this.#changedAt).includes(text);
  }

  /** Changes one of its files, and has it read all of them again. */
  async change(file: string, from: RegExp, to: string): Promise<void> {
    const path = join(this.directory, file);
    const text = readFileSync(path, 'utf8');
    if (!from.test(text)) throw new Error(`${file}: expected ${String(from)}`);
    this.#originals.set(path, text);
    this.#changedAt = this.#log().length;
    writeFileSync(path, text.replace(from, to));
    await this.#reload();
  }

  /** Takes the change back, if there is one. */
  async restore(): Promise<void> {
    if (this.#originals.size === 0) return;
    for (const [path, text] of this.#originals) writeFileSync(path, text);
    this.#originals.clear();
    await this.#reload();
  }

  async #reload(): Promise<void> {
    const reloads = (): number => this.#log().split('Reloaded server configuration').length;
    const before = reloads();
    process.kill(Number(readFileSync(join(this.directory, 'pid'), 'utf8')), 'SIGHUP');
    await until(() => reloads() > before);
  }

  #log(): string {
    return readFileSync(join(this.directory, 'log'), 'utf8');
  }
}
