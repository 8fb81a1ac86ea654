import { HttpAdapterHost } from '@nestjs/core';

import { ManualClock, until } from '@latchkey/license/testing';

import { afterListening } from './after-listening.js';

let clock: ManualClock;
let host: HttpAdapterHost;
let runs: number;
const run = (): void => {
  runs += 1;
};
beforeEach(() => {
  clock = new ManualClock();
  host = new HttpAdapterHost();
  host.httpAdapter = {} as HttpAdapterHost['httpAdapter'];
  runs = 0;
});

describe('what waits for an application to listen', () => {
  it('runs once when it listens, and not in the middle of that', async () => {
    afterListening(host, clock, run);
    host.listening = true;
    expect(runs).toBe(0);
    await until(() => runs === 1);
    clock.advance(60_000);
    expect(runs).toBe(1);
  });

  it('runs a second later when it does not listen, and not again when it does', async () => {
    afterListening(host, clock, run);
    clock.advance(999);
    expect(runs).toBe(0);
    clock.advance(1);
    expect(runs).toBe(1);
    host.listening = true;
    await new Promise(setImmediate);
    expect(runs).toBe(1);
  });

  it('runs at once when the application listens already', () => {
    host.listening = true;
    afterListening(host, clock, run);
    expect(runs).toBe(1);
  });

  it.each([
    ['there is no host', undefined],
    ['the host speaks no HTTP', new HttpAdapterHost()],
  ])('runs at once when %s', (_, none) => {
    afterListening(none, clock, run);
    expect(runs).toBe(1);
  });

  it('never runs once it was stopped, also in the moment between', async () => {
    const stop = afterListening(host, clock, run);
    host.listening = true;
    stop();
    await new Promise(setImmediate);
    clock.advance(60_000);
    expect(runs).toBe(0);
  });
});
