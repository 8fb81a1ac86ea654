// A licensed service that does nothing but watch itself: how late its event loop is, and every edition it ever ran.
// Started with the environment of an instance; asked over IPC.
import 'reflect-metadata';

import { monitorEventLoopDelay } from 'node:perf_hooks';

import { LicenseModule, LicenseService } from '@latchkey/license';
import { NestFactory } from '@nestjs/core';

const resolutionMs = 5;
const nanosecondsInMs = 1e6;

const app = await NestFactory.create(LicenseModule.forRoot());
await app.init();
const license = app.get(LicenseService);
const editions = new Set();
license.changes$.subscribe((status) => editions.add(status.edition));
const delay = monitorEventLoopDelay({ resolution: resolutionMs });
delay.enable();

/** How much later than it was due a timer ran. */
const lateMs = (percentile) => Math.max(0, delay.percentile(percentile) / nanosecondsInMs - resolutionMs);

process.on('message', (question) => {
  if (question === 'refresh') license.refresh();
  const { status } = license;
  process.send?.({
    status,
    editions: [...editions],
    medianMs: lateMs(50),
    p99Ms: lateMs(99),
    maxMs: lateMs(100),
  });
  if (question === 'reset') {
    delay.reset();
    editions.clear();
  }
});
process.once('SIGTERM', () => void app.close().finally(() => process.exit(0)));
process.send?.('ready');
