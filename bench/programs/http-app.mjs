// One application with the same route several times: without a guard, with one that says yes, with one that looks at the
// clock, with the license guard, and with one that verifies a token, as @nestjs/jwt documents it.
import 'reflect-metadata';
import { createPublicKey } from 'node:crypto';

import { Controller, Get, Logger, Module, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';

import { LicenseModule, RequireEnterprise, RequireFeature } from '@latchkey/license';

import { timedAsync } from '../harness/loops.mjs';
import { loadPeer } from '../harness/peers.mjs';
import { serve } from '../harness/programs.mjs';

const [platform, given] = process.argv.slice(2);
const { license, publicKeys } = JSON.parse(given);
Logger.overrideLogger(false);

class TrivialGuard {
  canActivate() {
    return true;
  }
}

/** The least that a guard costs which asks the clock at each call. */
class ClockGuard {
  canActivate() {
    return performance.now() < Number.MAX_SAFE_INTEGER;
  }
}

const routes = {
  open: [],
  trivial: [UseGuards(TrivialGuard)],
  clock: [UseGuards(ClockGuard)],
  edition: [RequireEnterprise()],
  feature: [RequireFeature('feature-7')],
};
const jwt = await loadPeer('@nestjs/jwt');
if (jwt.version !== null) routes.jwt = [UseGuards(tokenGuard(jwt.module))];

class Routes {}
for (const [name, decorators] of Object.entries(routes)) {
  Routes.prototype[name] = () => ({ ok: true });
  const descriptor = Object.getOwnPropertyDescriptor(Routes.prototype, name);
  for (const decorate of [Get(name), ...decorators]) decorate(Routes.prototype, name, descriptor);
}
Controller()(Routes);
class Root {}
Module({
  controllers: [Routes],
  imports: [
    LicenseModule.forRoot({
      product: 'agent-os',
      trustedKeys: publicKeys,
      environment: { LICENSE: license, NATS_URL: 'off' },
      adapters: { store: null },
    }),
  ],
})(Root);

const adapter = platform === 'express' ? new ExpressAdapter() : new FastifyAdapter();
// What Nest hands to the framework for a route: pipes, guards, interceptors, the handler and its answer.
const handlers = {};
const get = adapter.get.bind(adapter);
adapter.get = (path, ...rest) => {
  handlers[String(path).replace('/', '')] = rest.at(-1);
  return get(path, ...rest);
};
const app = await NestFactory.create(Root, adapter, { logger: false });
await app.listen(0, '127.0.0.1');

const timers = {};
serve({
  url: () => app.getUrl(),
  routes: () => Object.keys(handlers),
  processorMicroseconds() {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  /** Nanoseconds of one call of the handler, without the framework around it. */
  handlerNs(name, times) {
    timers[`${name} ${times}`] ??= timedAsync(callOf(name), times);
    return timers[`${name} ${times}`]();
  },
});

function callOf(name) {
  const handler = handlers[name];
  let answered = false;
  const response = {
    raw: {},
    status: () => response,
    code: () => response,
    json: () => (answered = true),
    send: () => (answered = true),
    getHeader: () => undefined,
    hasHeader: () => false,
    header: () => response,
    setHeader: () => response,
    type: () => response,
  };
  const request = {
    method: 'GET',
    url: `/${name}`,
    headers: {},
    params: {},
    query: {},
    body: undefined,
    raw: {},
  };
  return async () => {
    answered = false;
    await handler(request, response, () => {});
    return answered;
  };
}

function tokenGuard({ JwtService }) {
  const publicKey = createPublicKey({ key: publicKeys.keys[0], format: 'jwk' }).export({
    type: 'spki',
    format: 'pem',
  });
  const service = new JwtService({ publicKey, verifyOptions: { algorithms: ['PS256'] } });
  return class TokenGuard {
    async canActivate() {
      const { edition } = await service.verifyAsync(license);
      return edition === 'enterprise';
    }
  };
}
