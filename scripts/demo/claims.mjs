import { isDeepStrictEqual } from 'node:util';

/** Prints one line per claim, with its evidence, and counts how many held. */
export class Claims {
  passed = 0;
  failed = 0;

  /** The heading over the claims that follow. */
  scene(title) {
    console.log(`\n${title}`);
  }

  /**
   * Checks one claim. What fails is printed and counted, and the demo goes on.
   *
   * @param {string} title the claim, as a sentence
   * @param {() => Promise<string>} prove returns the evidence, or throws
   */
  async claim(title, prove) {
    const fromMs = performance.now();
    try {
      const evidence = await prove();
      const tookS = ((performance.now() - fromMs) / 1000).toFixed(2);
      this.passed += 1;
      console.log(`  ✓ ${title}: ${evidence} (${tookS} s)`);
    } catch (error) {
      this.fail(title, error);
    }
  }

  fail(title, error) {
    this.failed += 1;
    console.log(`  ✗ ${title}: ${error.message}`);
  }
}

/**
 * Asks again and again until `question` answers without an error: how the demo waits, instead of sleeping.
 *
 * @returns the answer
 * @throws the last error, at the deadline
 */
export async function eventually(question, deadlineMs = 15_000) {
  const end = performance.now() + deadlineMs;
  for (;;) {
    try {
      return await question();
    } catch (error) {
      if (performance.now() > end) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** @throws {Error} saying what was found, when `found` is not exactly `expected` */
export function expectSame(what, found, expected) {
  if (!isDeepStrictEqual(found, expected)) {
    throw new Error(`${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`);
  }
}
