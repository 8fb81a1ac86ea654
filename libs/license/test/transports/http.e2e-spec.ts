import { describeTransport, type CalledApp } from './describe-transport.js';
import { errorShapes } from './error-shapes.js';
import { httpApp, seen, urlOf, type Platform } from './http-app.js';
import { Routes } from './http-routes.js';
import type { LicenseByHand } from './license-by-hand.js';

const startOn =
  (platform: Platform) =>
  async (license: LicenseByHand): Promise<CalledApp> => {
    const app = await httpApp(license, { controllers: [Routes] }, platform);
    const url = await urlOf(app);
    return {
      call: async (operation) => seen(await fetch(`${url}/${operation}`)),
      stop: () => app.close(),
    };
  };

describe('HTTP', () => {
  describeTransport('on Express', errorShapes.http, startOn('Express'));
  describeTransport('on Fastify', errorShapes.http, startOn('Fastify'));
});
