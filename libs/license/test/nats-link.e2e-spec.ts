import { connect, type NatsConnection } from 'nats';

import { subjectsFor, systemClock } from '@latchkey/license/protocol';
import { until } from '@latchkey/license/testing';

import { Broker } from '../../../test/support/broker.js';
import { NatsLink } from '../src/distribution/nats-link.js';
import { fastClock } from './fast-clock.js';
import { LinkNotes } from './link-notes.js';

const subjects = subjectsFor('license');
/** How much faster than real time the supervision runs: 30 s of silence are 1.5 s here. */
const times = 20;

let notes: LinkNotes;
let link: NatsLink;
beforeEach(() => {
  notes = new LinkNotes();
});
afterEach(() => link.stop());
const startLink = (url: string, { clock = fastClock(times), ...more } = {}): void => {
  link = new NatsLink({ servers: [url], ...more }, subjects, clock);
  link.start(notes);
};
const saysLast = (word: string | RegExp) => until(() => Boolean(notes.told.at(-1)?.match(word)), 20_000);

describe('a link to a real broker', () => {
  let broker: Broker;
  let peer: NatsConnection | undefined;
  beforeEach(async () => {
    broker = await Broker.start();
  });
  afterEach(async () => {
    broker.thaw();
    await peer?.close();
    peer = undefined;
    await broker.kill();
  });

  /** Publishes until the link hears it: it subscribes anew some time after it says that it is connected. */
  const hears = async (word: string, more = {}): Promise<void> => {
    peer = await connect({ servers: broker.url, ...more });
    await until(() => {
      peer?.publish(subjects.key, word);
      return notes.told.includes(word);
    }, 20_000);
    await peer.close();
  };

  it('replaces a connection that hangs without being closed, and is back when the broker is', async () => {
    startLink(broker.url);
    await saysLast('connected');
    broker.freeze();
    await saysLast('unreachable: NATS did not answer');
    broker.thaw();
    await saysLast('connected');
    await hears('after the freeze');
  });

  it('comes back although the system clock was set back while it was away, which stops the driver', async () => {
    startLink(broker.url);
    await saysLast('connected');
    await broker.kill();
    await saysLast('unreachable');
    const { now } = Date;
    Date.now = () => now() - 3_600_000;
    try {
      await broker.start();
      await saysLast('connected');
    } finally {
      Date.now = now;
    }
    await hears('after the jump');
  });

  it('tells that the broker went, by itself, and that it came back', async () => {
    startLink(broker.url, { clock: systemClock });
    await saysLast('connected');
    await broker.kill();
    await saysLast('unreachable');
    await broker.start();
    await saysLast('connected');
    await hears('after the restart');
  });

  it('outlives wrong credentials, at the start and later', async () => {
    const [right, wrong] = [
      ['--user', 'instance', '--pass', 'right'],
      ['--user', 'instance', '--pass', 'wrong'],
    ];
    await broker.kill();
    await broker.start(...wrong);
    startLink(broker.url, { user: 'instance', pass: 'right' } as object);
    await saysLast(/^unreachable: .*uthorization/);
    await broker.kill();
    await broker.start(...right);
    await saysLast('connected');
    await broker.kill();
    await broker.start(...wrong);
    await until(() => notes.told.filter((word) => /uthorization/.test(word)).length >= 3, 20_000);
    await broker.kill();
    await broker.start(...right);
    await saysLast('connected');
    await hears('after it was let in again', { user: 'instance', pass: 'right' });
    expect(notes.told.join()).not.toContain('right');
  });

  it('goes on hearing when its listener throws, which makes the driver deaf otherwise', async () => {
    startLink(broker.url, { clock: systemClock }); // supervision would heal it, half a minute later
    await saysLast('connected');
    notes.throwOn = 'one';
    await hears('one');
    await hears('two');
    expect(notes.throwOn).toBeNull();
  });

  it('hands over every reply that comes within two seconds, and none that comes later', async () => {
    startLink(broker.url, { clock: fastClock(4) });
    await saysLast('connected');
    peer = await connect({ servers: broker.url });
    const requests: { respond(text: string): boolean; json(): unknown; reply?: string }[] = [];
    peer.subscribe(subjects.request, { callback: (_error, message) => requests.push(message) });
    await peer.flush();
    link.ask();
    await until(() => requests.length === 1);
    requests[0]?.respond('forged');
    requests[0]?.respond('true');
    await until(() => notes.told.includes('reply: true'));
    expect(notes.told).toContain('reply: forged');

    const late = (): number => notes.told.filter((word) => word === 'reply: late').length;
    await until(async () => {
      const before = late();
      const marker = `marker ${before}`;
      requests[0]?.respond('late');
      peer?.publish(subjects.key, marker);
      await until(() => notes.told.includes(marker)); // and so what was sent before it has arrived, too
      return late() === before;
    });
  });

  it('that was stopped says nothing any more, and does not come back', async () => {
    startLink(broker.url);
    await saysLast('connected');
    await link.stop();
    notes.told.length = 0;
    await broker.kill();
    await broker.start();
    link.ask();
    const reference = new LinkNotes();
    const other = new NatsLink({ servers: [broker.url] }, subjects, fastClock(times));
    other.start(reference);
    await until(() => reference.told.includes('connected'));
    await other.stop();
    expect(notes.told).toEqual([]);
  });
});
