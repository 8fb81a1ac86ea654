import { once } from 'node:events';
import { createServer } from 'node:net';

// Below the range that systems hand out by themselves (Linux 32768 and up, others 49152): no outgoing connection and
// no server on port 0 takes one of these between the look and the use, or while its program is down.
const lowest = 10_000;
const highest = 29_999;
const given = new Set();

/**
 * A port of this machine for a program that has to be found, and to come back, on the same one. Nothing listens on it,
 * and this process does not give it twice.
 *
 * @returns {Promise<number>}
 */
export async function freePort() {
  for (;;) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest + 1));
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
}

async function isFree(port) {
  const server = createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
  } catch (error) {
    if (error.code === 'EADDRINUSE' || error.code === 'EACCES') return false;
    throw error;
  }
  server.close();
  await once(server, 'close');
  return true;
}
