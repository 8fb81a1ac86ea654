import { frozenRecord } from '../core/records.js';
import type { LicenseLog } from './license.log.js';

/**
 * The features in advisory mode: before a vendor enforces a gate, it sees whom it would hit. What such a gate would have
 * refused is counted and let through. Only features: an edition in advisory mode would open half the product.
 */
export class AdvisoryFeatures {
  readonly #counts: Map<string, number>;
  readonly #counted = new WeakMap<object, Set<string>>();

  constructor(
    features: readonly string[],
    private readonly log: LicenseLog,
  ) {
    this.#counts = new Map(features.map((feature) => [feature, 0]));
  }

  has(feature: string): boolean {
    return this.#counts.has(feature);
  }

  /** How often each would have been refused since the start: a new frozen picture at each call. */
  get counts(): Readonly<Record<string, number>> {
    return frozenRecord(Object.fromEntries(this.#counts));
  }

  /**
   * A gate of this feature would have refused a call.
   *
   * @returns false when this was said of the call before
   */
  count(feature: string, call: object): boolean {
    const counted = this.#counted.get(call) ?? new Set();
    if (counted.has(feature)) return false;
    this.#counted.set(call, counted.add(feature));
    this.#counts.set(feature, (this.#counts.get(feature) ?? 0) + 1);
    this.log.warn(
      `the feature ${feature} is not licensed here and in advisory mode: its gates let calls through and count them`,
    );
    return true;
  }
}
