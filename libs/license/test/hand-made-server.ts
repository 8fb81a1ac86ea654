import { connect, type ConnectionOptions, type NatsConnection, type Msg } from 'nats';

import {
  parseEncryptionKeys,
  sealLicense,
  sealedMessage,
  subjectsFor,
  type EncryptionKeyRing,
} from '@latchkey/license/protocol';

const { key, request, queue } = subjectsFor('license');

/** A license-server made by hand of the independent `nats` client: it broadcasts and answers what it is told to. */
export class HandMadeServer {
  readonly ring: EncryptionKeyRing;
  requests = 0;
  #license: string | null = null;

  private constructor(
    private readonly connection: NatsConnection,
    encryptionKeys: string,
  ) {
    this.ring = parseEncryptionKeys(encryptionKeys);
  }

  /** @param more how to be let in, on a broker that does not let everybody in */
  static async start(
    url: string,
    encryptionKeys: string,
    more: ConnectionOptions = {},
  ): Promise<HandMadeServer> {
    const server = new HandMadeServer(await connect({ ...more, servers: url }), encryptionKeys);
    server.connection.subscribe(request, { queue, callback: (_error, message) => server.#answer(message) });
    await server.connection.flush();
    return server;
  }

  /** Serves `license` from now on, and broadcasts it. */
  async serve(license: string | null): Promise<void> {
    this.#license = license;
    if (license !== null) await this.broadcast(this.seal(license));
  }

  seal(license: string | null, sealedAtMs = Date.now()): string {
    return sealLicense({ sealedAtMs, server: 'hand-made', license }, this.ring);
  }

  /** Puts any text or packet on the broadcast subject. */
  async broadcast(sealed: string): Promise<void> {
    await this.publish(JSON.stringify({ pattern: key, data: sealedMessage(sealed) }));
  }

  async publish(packet: string | Uint8Array): Promise<void> {
    this.connection.publish(key, packet);
    await this.connection.flush();
  }

  async stop(): Promise<void> {
    await this.connection.close();
  }

  #answer(message: Msg): void {
    this.requests += 1;
    const { id } = message.json<{ id: string }>();
    message.respond(
      JSON.stringify({ response: sealedMessage(this.seal(this.#license)), isDisposed: true, id }),
    );
  }
}
