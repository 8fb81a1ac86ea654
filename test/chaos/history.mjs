/**
 * What one instance believed, moment by moment, and the rules that no outage may break:
 *
 * - it is licensed only by what the vendor signed for it, and only until that ends
 * - the serial in force never falls
 * - it is never community while a license that it had is valid; what was on its disk counts as had after a restart
 */
export class History {
  /** The rules that were broken. @type {string[]} */
  problems = [];
  /** The longest time it was community and should not have been. */
  longestWrongMs = 0;
  /** The latest belief since its start; null before the first. */
  now = null;
  #issued;
  #held = null;
  #saved = null;
  #wrongSinceMs = null;

  /**
   * @param {string} name
   * @param {ReadonlyMap<number, { serial: number, edition: string, endsAtMs: number }>} issued by the vendor
   */
  constructor(name, issued) {
    this.name = name;
    this.#issued = issued;
  }

  /** True when it is licensed by this serial and has it on its disk. */
  holds(serial) {
    return this.now !== null && this.now.licensed && this.now.serial === serial && this.now.persisted;
  }

  /** Its process was started: it knows what is on its disk. */
  started() {
    this.now = null;
    this.#held = this.#saved;
    this.#wrongSinceMs = null;
  }

  /** Its disk was emptied. */
  wiped() {
    this.#saved = null;
  }

  /** @param {{ atMs: number, licensed: boolean, serial?: number, edition: string, reason: string, persisted: boolean }} belief */
  add(belief) {
    this.now = belief;
    if (belief.licensed) this.#checkLicense(belief);
    const shouldBe = this.#held !== null && belief.atMs < this.#held.endsAtMs;
    if (shouldBe && !belief.licensed) {
      this.#wrongSinceMs ??= belief.atMs;
      this.#report(
        `runs community (${belief.reason}) while license ${this.#held.serial}, which it had, is valid`,
      );
    } else if (this.#wrongSinceMs !== null) {
      this.longestWrongMs = Math.max(this.longestWrongMs, belief.atMs - this.#wrongSinceMs);
      this.#wrongSinceMs = null;
    }
  }

  #checkLicense({ atMs, serial, edition, persisted }) {
    const license = this.#issued.get(serial);
    if (license === undefined || license.edition !== edition) {
      this.#report(`runs ${edition} by license ${serial}, which the vendor did not sign`);
      return;
    }
    if (atMs >= license.endsAtMs) this.#report(`runs ${edition} after license ${serial} ended`);
    if (this.#held !== null && serial < this.#held.serial) {
      this.#report(`fell from license ${this.#held.serial} to ${serial}`);
    }
    this.#held = license;
    if (persisted) this.#saved = license;
  }

  #report(what) {
    this.problems.push(`${this.name} ${what}`);
  }
}
