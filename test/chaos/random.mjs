/** Chance that can be repeated: the same seed gives the same choices in the same order (mulberry32). */
export class Random {
  #state;

  /** @param {number} seed a whole number */
  constructor(seed) {
    this.#state = seed;
  }

  /** A number from `low` up to, and without, `high`. */
  between(low, high) {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let bits = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return low + (((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32) * (high - low);
  }

  /** One of a list that is not empty. */
  pick(list) {
    return list[Math.floor(this.between(0, list.length))];
  }

  chance(share) {
    return this.between(0, 1) < share;
  }
}
