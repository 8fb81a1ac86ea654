// What a run of the fuzzer counts and measures.

/** A case slower than this is run again alone: alone it must be faster. */
export const slowMs = 50;
/** The live heap may end this much above where it stood after the warm-up. */
const heapGrowthMiB = 8;
const keptSlowCases = 100;

export class Tally {
  cases = 0;
  /** By suite: outcome → how often. */
  outcomes = new Map();
  slow = [];
  slowestMs = 0;
  #heapMiB = [];

  count(suite, outcome) {
    this.cases += 1;
    const ofSuite = this.outcomes.get(suite) ?? new Map();
    // Bounded: an outcome of many words is counted by its first ones.
    const key = outcome.split(' ').slice(0, 2).join(' ');
    ofSuite.set(key, (ofSuite.get(key) ?? 0) + 1);
    this.outcomes.set(suite, ofSuite);
  }

  /** @param again runs the case once more */
  time(tookMs, suite, again) {
    this.slowestMs = Math.max(this.slowestMs, tookMs);
    if (tookMs > slowMs && this.slow.length < keptSlowCases) this.slow.push({ suite, tookMs, again });
  }

  /** Cases that are slow by themselves, not because something else had the processor. */
  slowAlone() {
    return this.slow
      .map(({ suite, again }) => ({
        suite,
        aloneMs: Math.min(...Array.from({ length: 5 }, () => timed(again))),
      }))
      .filter(({ aloneMs }) => aloneMs > slowMs);
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
