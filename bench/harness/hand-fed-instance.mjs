import { Instance } from './instance.mjs';

/** An instance that hears what it is handed, at any pace: its clock goes on by a second with each word. */
export class HandFedInstance extends Instance {
  #listener;
  #clock;

  constructor(deployment, store) {
    const clock = {
      nowMs: 0,
      wallMs: () => Date.now(),
      monotonicMs: () => clock.nowMs,
      after: () => () => {},
    };
    let listener;
    const source = { start: (given) => (listener = given), ask: () => {}, stop: async () => {} };
    super(deployment, { store, source, clock });
    this.start();
    listener.connected();
    this.#listener = listener;
    this.#clock = clock;
  }

  hear(packet) {
    this.#clock.nowMs += 1_000;
    this.#listener.broadcast(Buffer.from(packet));
  }
}
