// What a run of the fuzzer counts and measures.

/** A case slower than this is run again alone: alone it must be faster. */
export const slowMs = 50;
/** The live heap may end this much above where it stood after the warm-up. */
const heapGrowthMiB = 8;
const retries = 5;

export class Tally {
  cases = 0;
  /** By suite: outcome → how often. */
  outcomes = new Map();
  slowestMs = 0;
  slow = 0;
  /** Cases that are slow by themselves, not because something else had the processor. */
  slowAlone = [];
  #heapMiB = [];

  count(suite, outcome) {
    this.cases += 1;
    const ofSuite = this.outcomes.get(suite) ?? new Map();
    // Bounded: an outcome of many words is counted by its first ones.
    const key = outcome.split(' ').slice(0, 2).join(' ');
    ofSuite.set(key, (ofSuite.get(key) ?? 0) + 1);
    this.outcomes.set(suite, ofSuite);
  }

  /** @param again runs the case once more; a slow one is judged at once, since keeping it would weigh on the heap */
  time(tookMs, suite, again) {
    this.slowestMs = Math.max(this.slowestMs, tookMs);
    if (tookMs <= slowMs) return;
    this.slow += 1;
    const aloneMs = Math.min(...Array.from({ length: retries }, () => timed(again)));
    if (aloneMs > slowMs) this.slowAlone.push({ suite, aloneMs });
  }

  /** Takes the live heap after a collection. Needs `node --expose-gc`. */
  weigh() {
    globalThis.gc();
    this.#heapMiB.push(process.memoryUsage().heapUsed / 1024 / 1024);
  }

  get heap() {
    const [first = 0, ...later] = this.#heapMiB;
    const last = later.at(-1) ?? first;
    return {
      firstMiB: first,
      lastMiB: last,
      mostMiB: Math.max(first, ...later),
      isFlat: last - first <= heapGrowthMiB,
    };
  }
}

export function timed(task) {
  const startMs = performance.now();
  task();
  return performance.now() - startMs;
}
