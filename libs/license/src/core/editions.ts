import { LicenseError } from './errors.js';

/** The ladder used when the app gives none: lowest first. */
export const defaultEditions: readonly string[] = Object.freeze([
  'community',
  'professional',
  'enterprise',
  'flagship',
]);

/** Editions in order, lowest first. The lowest is what a deployment without a valid license runs as. */
export class EditionLadder {
  /** What a deployment without a license runs as. */
  readonly lowest: string;
  readonly #rank: ReadonlyMap<string, number>;

  /**
   * @param names at least two different, non-empty names, lowest first
   * @throws {CONFIGURATION_INVALID} otherwise
   */
  constructor(
    /** All of them, lowest first. */
    readonly names: readonly string[] = defaultEditions,
  ) {
    const [lowest] = names;
    this.#rank = new Map(names.map((name, rank) => [name, rank]));
    if (lowest === undefined || names.length < 2 || this.#rank.size !== names.length || names.includes('')) {
      throw new LicenseError(
        'CONFIGURATION_INVALID',
        `editions: expected two or more different names, lowest first, found [${names.join(', ')}]`,
      );
    }
    this.lowest = lowest;
  }

  /** Is there an edition of this name? Names are compared exactly. */
  has(edition: string): boolean {
    return this.#rank.has(edition);
  }

  /** True when `edition` is `required` or stands above it. Unknown names never reach anything. */
  reaches(edition: string, required: string): boolean {
    const need = this.#rank.get(required);
    return need !== undefined && (this.#rank.get(edition) ?? -1) >= need;
  }
}
