import { connect, type Socket } from 'node:net';

import { until } from '@latchkey/license/testing';

/** Longest wait for an answer, and how long a connection may be silent before its answer counts as whole. */
const answerWithinMs = 5_000;
const silenceMs = 150;

/** Sends bytes to a server as no HTTP client would, and gives back all that it answers. */
export async function sendRaw(url: string, bytes: string | Buffer): Promise<string> {
  const socket = openSocket(url);
  let answer = '';
  let heardAtMs = Infinity;
  let ended = false;
  socket.on('data', (data: Buffer) => {
    answer += data.toString('latin1');
    heardAtMs = performance.now();
  });
  socket.once('close', () => (ended = true));
  socket.write(bytes);
  await until(() => ended || performance.now() - heardAtMs > silenceMs, answerWithinMs).catch(() => {}); // no answer is one, too
  socket.destroy();
  return answer;
}

/** A connection that only begins a request. What becomes of it is the server's affair. */
export function openSocket(url: string): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {}); // cut off by the server: that is an answer
  return socket;
}
