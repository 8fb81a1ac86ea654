import { History } from './history.mjs';

const endsAtMs = 1_000;
const issued = new Map([10, 20].map((serial) => [serial, { serial, edition: 'enterprise', endsAtMs }]));

/** The instance says that it runs by this license. */
const runs = (serial, more = {}) => ({
  add: {
    atMs: 1,
    licensed: true,
    serial,
    edition: 'enterprise',
    reason: 'licensed',
    persisted: true,
    ...more,
  },
});
/** It says that it runs without. */
const community = (atMs = 2) => ({
  add: { atMs, licensed: false, edition: 'community', reason: 'absent', persisted: false },
});
const restart = { started: undefined };
const emptyDisk = { wiped: undefined };

const faulty = {
  'a license that nobody issued': [runs(99)],
  'an edition that its license does not have': [runs(10, { edition: 'flagship' })],
  'enterprise after the end': [runs(10, { atMs: endsAtMs })],
  'a serial that falls': [runs(20), runs(10)],
  'a serial that falls by a restart': [runs(20), restart, runs(10)],
  'community while licensed': [runs(10), community()],
  'community after a restart': [runs(10), restart, community()],
};
const sound = {
  'community before any license': [community(), runs(10), runs(20)],
  'community after the end': [runs(10), community(endsAtMs)],
  'what was not saved is lost by a restart': [runs(10), runs(20, { persisted: false }), restart, runs(10)],
  'an empty disk': [runs(10), emptyDisk, restart, community(), runs(10)],
};

/**
 * Shows that the model sees what it is for, and nothing else.
 *
 * @returns the evidence
 * @throws {Error} with the case that it judges wrongly
 */
export function checkHistory() {
  for (const [what, steps] of Object.entries(faulty)) {
    if (problemsOf(steps).length !== 1) throw new Error(`it does not see ${what}`);
  }
  for (const [what, steps] of Object.entries(sound)) {
    if (problemsOf(steps).length > 0)
      throw new Error(`it does not allow ${what}: ${problemsOf(steps).join()}`);
  }
  return `${Object.keys(faulty).length} kinds of faults, ${Object.keys(sound).length} sound histories`;
}

function problemsOf(steps) {
  const history = new History('the instance', issued);
  history.started();
  for (const step of steps) {
    for (const [method, belief] of Object.entries(step)) history[method](belief);
  }
  return history.problems;
}
