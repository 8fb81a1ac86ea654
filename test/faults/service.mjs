// A licensed service, worked by whoever started it: told to start and stop, what the license-server says, and asked
// what it believes. It has a gated route over real HTTP and a real key file. With NATS_URL it listens there instead.
import 'reflect-metadata';
import { Controller, Get } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

import { LicenseModule, LicenseService, RequireEnterprise } from '@latchkey/license';
import { parseEncryptionKeys, sealedMessage, sealLicense, subjectsFor } from '@latchkey/license/protocol';

const { VENDOR_JWKS, ENCRYPTION_KEYS, NATS_URL } = process.env;
const ring = parseEncryptionKeys(ENCRYPTION_KEYS);

class Routes {
  gated() {
    return 'ok';
  }
}
const handler = Object.getOwnPropertyDescriptor(Routes.prototype, 'gated');
for (const decorate of [Get('gated'), RequireEnterprise()]) decorate(Routes.prototype, 'gated', handler);
Controller()(Routes);

/** The way to the license-servers: what the parent process says they say. */
class Source {
  start(listener) {
    this.listener = listener;
    listener.unreachable('everything is down');
  }
  ask() {}
  async stop() {}

  broadcast(license) {
    const sealed = sealLicense({ sealedAtMs: Date.now(), server: 'parent', license }, ring);
    const packet = { pattern: subjectsFor('license').key, data: sealedMessage(sealed) };
    this.listener.broadcast(Buffer.from(JSON.stringify(packet)));
  }
}

let app;
let source;
let log = [];
const note = (message) => void log.push(String(message));
const logger = { log: () => {}, warn: note, error: note };

const commands = {
  async start({ keyPath }) {
    source = new Source();
    const license = LicenseModule.forRoot({
      product: 'agent-os',
      trustedKeys: VENDOR_JWKS,
      encryptionKeys: ENCRYPTION_KEYS,
      keyPath,
      environment: {},
      ...(NATS_URL === undefined ? { adapters: { source } } : { nats: { servers: [NATS_URL] } }),
    });
    log = [];
    app = await NestFactory.create({ ...license, controllers: [Routes] }, { logger });
    await app.listen(0, '127.0.0.1');
  },
  hear({ license }) {
    source.broadcast(license);
  },
  async stop() {
    await app?.close();
    app = undefined;
  },
  async look() {
    const { status } = app.get(LicenseService);
    const response = await fetch(`${await app.getUrl()}/gated`, { headers: { connection: 'close' } });
    await response.text();
    return { ...status, http: response.status, log };
  },
};

process.on('message', async ({ id, command, ...options }) => {
  process.send({ id, answer: await commands[command](options) });
});
process.once('disconnect', () => process.exit(0));
process.send({ id: 0 });
