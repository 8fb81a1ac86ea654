import { isatty } from 'node:tty';

import { ConsoleLogger, type LogLevel } from '@nestjs/common';

import type { ServerConfig } from '../config/server-config.js';

const nestLevels: Readonly<Record<ServerConfig['logLevel'], LogLevel[]>> = {
  error: ['fatal', 'error'],
  warn: ['fatal', 'error', 'warn'],
  info: ['fatal', 'error', 'warn', 'log'],
  debug: ['fatal', 'error', 'warn', 'log', 'debug', 'verbose'],
};

// What Nest tells about its own start: of use to whoever works on the server, not to whoever runs it.
const chatty: ReadonlySet<unknown> = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
  'NestMicroservice',
]);

/** Nest's console logger, in the level and format of the configuration. */
export class ServerLogger extends ConsoleLogger {
  constructor({ logLevel, logFormat }: Pick<ServerConfig, 'logLevel' | 'logFormat'>) {
    super({
      prefix: 'license-server',
      logLevels: nestLevels[logLevel],
      json: logFormat === 'json',
      colors: logFormat === 'pretty' && isatty(1),
    });
  }

  override log(message: unknown, ...more: unknown[]): void {
    if (chatty.has(more.at(-1))) super.debug(message, ...more);
    else super.log(message, ...more);
  }
}
