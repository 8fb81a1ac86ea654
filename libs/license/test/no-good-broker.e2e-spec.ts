import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

import { subjectsFor } from '@latchkey/license/protocol';
import { until } from '@latchkey/license/testing';

import { NatsLink } from '../src/distribution/nats-link.js';
import { fastClock } from './fast-clock.js';
import { LinkNotes } from './link-notes.js';

const subjects = subjectsFor('license');
/** How much faster than real time the supervision runs: 30 s of silence are 1.5 s here. */
const times = 20;
const info = `INFO ${JSON.stringify({ server_id: 'X', version: '2.9.0', max_payload: 1_048_576, headers: true })}\r\n`;

let notes: LinkNotes;
let link: NatsLink;
beforeEach(() => {
  notes = new LinkNotes();
});
afterEach(() => link.stop());
const startLink = (url: string, clock = fastClock(times)): void => {
  link = new NatsLink({ servers: [url] }, subjects, clock);
  link.start(notes);
};

describe('a link to something that is no good broker', () => {
  let server: Server;
  let sockets: Socket[];
  const listen = async (speak: (socket: Socket) => void): Promise<string> => {
    sockets = [];
    server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => {}); // the other side may go at any moment
      speak(socket);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `nats://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });

  it('can be stopped in the middle of its first connect, and says nothing any more', async () => {
    const url = await listen(() => {}); // accepts, and never says a word
    startLink(url);
    await until(() => sockets.length === 1);
    await link.stop();
    const other = new NatsLink({ servers: [url] }, subjects, fastClock(times));
    other.start(new LinkNotes());
    await until(() => sockets.length === 2);
    for (const socket of sockets) socket.destroy(); // both fail now; the one that was not stopped tries again
    await until(() => sockets.length === 3);
    await other.stop();
    expect(notes.told).toEqual([]);
  });

  it('tries again when the broker hangs right after it let it in', async () => {
    const url = await listen((socket) => {
      socket.write(info);
      socket.once('data', () => socket.write('PONG\r\n'));
    });
    startLink(url);
    await until(() => sockets.length >= 2, 20_000);
    expect(notes.told).toEqual(['unreachable: NATS did not answer']);
  });

  it('asks without giving up its subscription: a broadcast that is on its way would be lost', async () => {
    const said: string[] = [];
    const numberOf = (line: string | undefined): string | undefined => line?.split(' ').at(-1);
    const url = await listen((socket) => {
      socket.write(info);
      createInterface(socket).on('line', (line) => {
        said.push(line);
        if (line === 'PING') socket.write('PONG\r\n');
      });
    });
    startLink(url);
    await until(() => notes.told.includes('connected'));
    link.ask();
    await until(() => said.some((line) => line.startsWith('UNSUB '))); // its reply inbox, later on
    const subscribed = said.find((line) => line.startsWith(`SUB ${subjects.key} `));
    expect(numberOf(subscribed)).toMatch(/^\d+$/);
    const givenUp = said.filter((line) => line.startsWith('UNSUB ')).map(numberOf);
    expect(givenUp).not.toContain(numberOf(subscribed));
  });

  it('says that nobody is there, and tries again and again, less and less often', async () => {
    const url = await listen((socket) => socket.destroy());
    const clock = fastClock(times);
    const waitsMs: number[] = [];
    startLink(url, {
      ...clock,
      after(delayMs, task) {
        waitsMs.push(delayMs);
        return clock.after(delayMs, task);
      },
    });
    await until(() => sockets.length >= 6, 20_000);
    for (const [index, aroundMs] of [1_000, 2_000, 4_000, 5_000, 5_000].entries()) {
      expect(Math.abs((waitsMs[index] ?? 0) - aroundMs)).toBeLessThanOrEqual(0.25 * aroundMs);
    }
    expect(notes.told[0]).toMatch(/^unreachable: /);
  });
});
