import { isatty } from 'node:tty';

import type { LogLevel } from '@nestjs/common';

// The licensing variables (LICENSE_…, NATS_…) are read by @latchkey/license itself.
const {
  SERVICE_NAME: serviceName = 'demo-app',
  HTTP_HOST: host = '127.0.0.1',
  HTTP_PORT: port = '7420',
  LOG_LEVEL: level = 'info',
  LOG_FORMAT: format = 'pretty',
} = process.env;

// Most important first: a level switches on itself and everything before it.
const levels: readonly LogLevel[] = ['fatal', 'error', 'warn', 'log', 'debug', 'verbose'];

/** What the environment says about this service, apart from its license. */
export const config = Object.freeze({
  /** `SERVICE_NAME`, default `demo-app`: one program, started as several services. */
  serviceName,
  /** `HTTP_HOST`, default `127.0.0.1`. */
  host,
  /** `HTTP_PORT`, default 7420; 0 takes any free port. Either way the URL is printed. */
  port: portFrom(port),
  /** `LOG_LEVEL`: `error`, `warn`, `info` (default), `debug` or `verbose`. `LOG_FORMAT`: `pretty` (default) or `json`. */
  logging: {
    prefix: serviceName,
    logLevels: levels.slice(0, levels.indexOf(levelFrom(level)) + 1),
    json: format === 'json',
    colors: format !== 'json' && isatty(process.stdout.fd),
  },
});

function portFrom(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > 65_535) {
    throw new Error(`HTTP_PORT: expected 0 to 65535, found "${text}"`);
  }
  return number;
}

function levelFrom(text: string): LogLevel {
  const found = levels.find((name) => name === (text === 'info' ? 'log' : text));
  if (found === undefined) {
    throw new Error(`LOG_LEVEL: expected error, warn, info, debug or verbose, found "${text}"`);
  }
  return found;
}
