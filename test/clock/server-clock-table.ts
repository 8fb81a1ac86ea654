import type { WrongClock } from './clock-table.js';

export type ServerMoment = 'at boot' | 'running' | 'disconnected' | 'while writing';

// What an instance believes of its license is the same in every cell: that is the point. What differs is whether it
// takes the word for a sign of life, and the difference of the clocks that it shows.
const silent = 'enterprise, stale';
const five = 'enterprise, fresh, server -5000 ms';
const right = 'enterprise, fresh, server 0 ms';

/**
 * What an instance says after each word of a license-server whose clock is wrong: the first word at all (`at boot`, with
 * an empty disk), a broadcast, the answer after a reconnect, and a renewal that is being written.
 */
export const wordTable: Readonly<Record<WrongClock, Readonly<Record<ServerMoment, readonly string[]>>>> = {
  '-10 y': same([silent]),
  '-1 d': same([silent]),
  '-1 h': same([silent]),
  '-5 s': same([five]),
  '+1 h': same([silent]),
  '+1 d': same([silent]),
  '+10 y': same([silent]),
  // The second word is of a moment in which the clock is right: it stays the last sign of life for 15 minutes.
  flapping: same([silent, right, right, right, right, right]),
};

/** Everything but what it says: it serves the newest license file in every cell. */
const active = 'serves 2, active';
const early = 'serves 2, not-yet-valid';
const ended = 'serves 2, expired';

export type FileMoment = 'at boot' | 'running' | 'while writing';

/**
 * What a license-server with a wrong clock says of its license file, and that it serves it all the same: the file that
 * it finds at boot, the one it serves already, and one that is put in place at that moment.
 */
export const fileTable: Readonly<Record<WrongClock, Readonly<Record<FileMoment, readonly string[]>>>> = {
  '-10 y': sameFile([early]),
  '-1 d': sameFile([active]),
  '-1 h': sameFile([active]),
  '-5 s': sameFile([active]),
  '+1 h': sameFile([active]),
  '+1 d': sameFile([active]),
  '+10 y': sameFile([ended]),
  flapping: sameFile([ended, active, early, active, active, active]),
};

function same(cell: readonly string[]): Readonly<Record<ServerMoment, readonly string[]>> {
  return { 'at boot': cell, running: cell, disconnected: cell, 'while writing': cell };
}

function sameFile(cell: readonly string[]): Readonly<Record<FileMoment, readonly string[]>> {
  return { 'at boot': cell, running: cell, 'while writing': cell };
}
