import { Subject } from 'rxjs';

import { ManualClock, until } from '@latchkey/license/testing';

import { BrokerLink } from './broker-link.js';

/** A transport in the hands of the test. */
class ManualTransport {
  readonly status = new Subject<string>();
  readonly refusals$ = new Subject<string>();
  opened = 0;
  closed = 0;
  opening = Promise.resolve();
  reachable = true;
  closable = true;

  async open(): Promise<void> {
    this.opened += 1;
    await this.opening;
    if (!this.reachable) throw new Error(`refused ${this.opened}`);
    this.status.next('connected');
  }

  async close(): Promise<void> {
    this.closed += 1;
    if (!this.closable) throw new Error('cannot be closed');
  }
}

let clock: ManualClock;
let transport: ManualTransport;
let told: (string | null)[];
let refused: (string | null)[];
let link: BrokerLink;

beforeEach(() => {
  clock = new ManualClock();
  transport = new ManualTransport();
  told = [];
  refused = [];
  link = new BrokerLink(
    transport,
    clock,
    (trouble) => told.push(trouble),
    (refusal) => refused.push(refusal),
  );
});

describe('a connection kept up', () => {
  it('tells that it is up', async () => {
    link.start();
    await until(() => told.length === 1);
    expect(told).toEqual([null]);
  });

  it('is opened again while something is refused on it, and tells when everything is permitted', async () => {
    link.start();
    await until(() => told.length === 1);
    transport.refusals$.next('not permitted');
    await pass(9_000);
    expect([transport.opened, refused.at(-1)]).toEqual([1, 'not permitted']);
    await pass(2_000);
    expect(transport.opened).toBe(2);
    await pass(2_000);
    expect(refused.at(-1)).toBeNull();
  });

  it('opens again and again, ever more slowly', async () => {
    transport.reachable = false;
    link.start();
    await pass(5_000);
    expect(transport.opened).toBeGreaterThanOrEqual(3);
    const soon = transport.opened;
    await pass(60_000);
    expect(transport.opened - soon).toBeGreaterThanOrEqual(8);
    expect(transport.opened - soon).toBeLessThanOrEqual(24);
    expect(told.slice(0, 2)).toEqual(['refused 1', 'refused 2']);

    transport.reachable = true;
    await pass(8_000);
    expect(told.at(-1)).toBeNull();
  });

  it('leaves a short outage to the driver', async () => {
    link.start();
    await until(() => told.length === 1);
    transport.status.next('disconnected');
    clock.advance(29_000);
    transport.status.next('connected');
    clock.advance(60_000);
    expect(told).toEqual([null, 'the connection was lost', null]);
    expect(transport.opened).toBe(1);
  });

  it('replaces a connection that has been down for half a minute, also one that cannot be closed', async () => {
    link.start();
    await until(() => told.length === 1);
    transport.closable = false;
    transport.status.next('disconnected');
    clock.advance(15_000);
    transport.status.next('reconnecting');
    clock.setWall(0);
    clock.advance(15_000);
    await until(() => told.at(-1) === null);
    expect(transport.opened).toBe(2);
    expect(transport.closed).toBe(2);
  });

  it('stays closed once it is stopped', async () => {
    transport.reachable = false;
    link.start();
    await until(() => told.length === 1);
    await link.stop();
    transport.reachable = true;
    clock.advance(60_000);
    transport.status.next('connected');
    expect(transport.opened).toBe(1);
    expect(told).toEqual(['refused 1']);
  });

  it('closes a connection that opens while it is being stopped', async () => {
    let finishOpening: (() => void) | undefined;
    transport.opening = new Promise((resolve) => (finishOpening = resolve));
    link.start();
    await until(() => transport.opened === 1);
    await link.stop();
    const { closed } = transport;
    finishOpening?.();
    await until(() => transport.closed === closed + 1);
    expect(told).toEqual([]);
  });
});

/** Lets time pass in small steps, so that what one step starts can ask for the next. */
async function pass(ms: number): Promise<void> {
  for (let passedMs = 0; passedMs < ms; passedMs += 100) {
    clock.advance(100);
    await new Promise(setImmediate);
  }
}
