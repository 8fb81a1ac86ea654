import 'reflect-metadata';

import type { INestApplication } from '@nestjs/common';

import { LicenseError } from '@latchkey/license/protocol';

import { loadServerConfig } from './config/load-server-config.js';
import type { ServerConfig } from './config/server-config.js';
import { startServer } from './server.js';

const shutdownLimitMs = 4_000;

try {
  const starting = start(loadServerConfig());
  stopOnSignals(starting);
  await starting;
} catch (error) {
  fail(error);
}

async function start(config: ServerConfig): Promise<INestApplication> {
  const { httpHost, httpPort } = config;
  return startServer(config).catch((error: NodeJS.ErrnoException) => {
    if (error.syscall !== 'listen' && error.syscall !== 'getaddrinfo') throw error;
    const why = error.code === 'EADDRINUSE' ? 'the port is already taken' : String(error.code);
    throw new LicenseError(
      'CONFIGURATION_INVALID',
      `cannot listen on ${httpHost}:${httpPort} (${why}): set HTTP_HOST and HTTP_PORT to a free address of this machine`,
    );
  });
}

/** SIGTERM and SIGINT end the server with 0, in time also when a broken connection cannot be closed. */
function stopOnSignals(starting: Promise<INestApplication>): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      setTimeout(() => process.exit(0), shutdownLimitMs).unref();
      void starting.then((app) => app.close()).finally(() => process.exit(0));
    });
  }
}

function fail(error: unknown): never {
  const text =
    error instanceof LicenseError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`license-server: ${text}\n`);
  process.exit(1);
}
