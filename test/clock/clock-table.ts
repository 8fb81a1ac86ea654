const secondMs = 1_000;
const hourMs = 3_600 * secondMs;
const dayMs = 24 * hourMs;
const yearMs = 365 * dayMs;

/** How wrong a clock is, one step after the other; each lasts longer than a minute. */
export const wrongClocks = {
  '-10 y': [-10 * yearMs],
  '-1 d': [-dayMs],
  '-1 h': [-hourMs],
  '-5 s': [-5 * secondMs],
  '+1 h': [hourMs],
  '+1 d': [dayMs],
  '+10 y': [10 * yearMs],
  flapping: [10 * yearMs, 0, -10 * yearMs, 0, dayMs, -dayMs],
} as const;
export type WrongClock = keyof typeof wrongClocks;

export type Moment = 'at boot' | 'at first boot' | 'running' | 'disconnected' | 'while writing';

/** What an instance says at each step, and at its first check after the clock was put right, when that is not licensed. */
export interface InstanceCell {
  readonly meanwhile: readonly string[];
  readonly firstCheck?: string;
}

const fine = 'enterprise';
/** Judged by the last time the vendor signed, which is later. */
const setBack = 'enterprise, clock set back';
/** The one thing that a wrong clock can do, while it is wrong. */
const ended = 'community, expired';
/** There is no earlier time to judge by: the license is kept, and tried again every minute. */
const early = 'community, not-yet-valid';

/**
 * What an instance whose own clock is wrong has to say. Its license was issued 30 days ago and ends in 180. What is
 * written at the wrong moment is a renewal that was issued just now.
 */
export const instanceTable: Readonly<Record<WrongClock, Readonly<Record<Moment, InstanceCell>>>> = {
  '-10 y': {
    'at boot': { meanwhile: [setBack] },
    'at first boot': { meanwhile: [early], firstCheck: early },
    running: { meanwhile: [setBack] },
    disconnected: { meanwhile: [setBack] },
    'while writing': { meanwhile: [setBack] },
  },
  '-1 d': {
    'at boot': { meanwhile: [fine] },
    'at first boot': { meanwhile: [fine] },
    running: { meanwhile: [fine] },
    disconnected: { meanwhile: [fine] },
    'while writing': { meanwhile: [setBack] },
  },
  '-1 h': {
    'at boot': { meanwhile: [fine] },
    'at first boot': { meanwhile: [fine] },
    running: { meanwhile: [fine] },
    disconnected: { meanwhile: [fine] },
    'while writing': { meanwhile: [setBack] },
  },
  '-5 s': {
    'at boot': { meanwhile: [fine] },
    'at first boot': { meanwhile: [fine] },
    running: { meanwhile: [fine] },
    disconnected: { meanwhile: [fine] },
    'while writing': { meanwhile: [fine] },
  },
  '+1 h': {
    'at boot': { meanwhile: [fine] },
    'at first boot': { meanwhile: [fine] },
    running: { meanwhile: [fine] },
    disconnected: { meanwhile: [fine] },
    'while writing': { meanwhile: [fine] },
  },
  '+1 d': {
    'at boot': { meanwhile: [fine] },
    'at first boot': { meanwhile: [fine] },
    running: { meanwhile: [fine] },
    disconnected: { meanwhile: [fine] },
    'while writing': { meanwhile: [fine] },
  },
  '+10 y': {
    'at boot': { meanwhile: [ended] },
    'at first boot': { meanwhile: [ended] },
    running: { meanwhile: [ended] },
    disconnected: { meanwhile: [ended] },
    'while writing': { meanwhile: [ended] },
  },
  flapping: {
    'at boot': { meanwhile: [ended, fine, setBack, fine, fine, fine] },
    'at first boot': { meanwhile: [ended, fine, setBack, fine, fine, fine] },
    running: { meanwhile: [ended, fine, setBack, fine, fine, fine] },
    disconnected: { meanwhile: [ended, fine, setBack, fine, fine, fine] },
    'while writing': { meanwhile: [ended, fine, setBack, fine, fine, setBack] },
  },
};
