// A small application, with the license module or without; says when it listens, and what memory it has then.
import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

const [kind, given] = process.argv.slice(2);

class Routes {
  hello() {
    return { ok: true };
  }
}
Get()(Routes.prototype, 'hello', Object.getOwnPropertyDescriptor(Routes.prototype, 'hello'));
Controller()(Routes);
class Root {}
Module({ controllers: [Routes], imports: kind === 'plain' ? [] : [await licensed()] })(Root);

const app = await NestFactory.create(Root, { logger: false });
await app.listen(0, '127.0.0.1');
const listensAt = process.hrtime.bigint();
globalThis.gc();
process.send({ listensAt, rss: process.memoryUsage().rss, loaded: await driverIsLoaded() });

async function licensed() {
  const { LicenseModule } = await import('@latchkey/license');
  const { publicKeys, encryptionKeys, keyPath, url } = JSON.parse(given);
  return LicenseModule.forRoot({
    product: 'agent-os',
    trustedKeys: publicKeys,
    encryptionKeys,
    keyPath,
    environment: { NATS_URL: url },
  });
}

/** Drivers are loaded as CommonJS, and Node keeps a list of those. */
async function driverIsLoaded() {
  const { createRequire } = await import('node:module');
  return Object.keys(createRequire(import.meta.url).cache).some((path) => /@nats-io/.test(path));
}
