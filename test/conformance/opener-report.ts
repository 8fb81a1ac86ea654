import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';

import { readJoseGroups, type JoseCase } from './vectors.js';

/** What a JOSE library read in the document of a test, by test id; null when it refused the document. */
export type Opened = ReadonlyMap<number, string | null>;

const manual = new URL('../../docs/conformance.md', import.meta.url);

/** By flag: of how many cases that Latchkey refuses for their form alone a library accepts how many. */
export type Laxities = Readonly<Record<string, { readonly cases: number; readonly accepted: number }>>;

/** What the table in `docs/conformance.md` says of a library. */
export function recordedLaxities(library: 'jose' | 'jwcrypto'): Laxities {
  const rows = readFileSync(manual, 'utf8').matchAll(/^\| `(\w+)` +\| +(\d+) \| +(\d+) \| +(\d+) \|$/gm);
  const column = library === 'jose' ? 3 : 4;
  return Object.fromEntries(
    [...rows].map((row) => [row[1], { cases: Number(row[2]), accepted: Number(row[column]) }]),
  );
}

/** How a JOSE library alone does with the test vectors. Lists are of tests, as `id comment`. */
export class OpenerReport {
  readonly #cases: readonly JoseCase[] = readJoseGroups().flatMap(
    (group): readonly JoseCase[] => group.tests,
  );

  constructor(private readonly opened: Opened) {}

  /** Tests that it did not try. */
  missing(): readonly string[] {
    return this.#named((test) => !this.opened.has(test.tcId));
  }

  /** Valid documents that it refused, or read otherwise. */
  misread(): readonly string[] {
    return this.#named((test) => test.result === 'valid' && !this.#readsRight(test));
  }

  /** Invalid documents that it accepts although JOSE itself forbids them. */
  accepted(): readonly string[] {
    return this.#named(
      (test) =>
        test.result === 'invalid' &&
        this.#accepts(test) &&
        !test.flags.includes('StrictForm') &&
        !test.flags.includes('ProtocolRule'),
    );
  }

  /** Documents that it refuses although signature or seal are said to be good. */
  refusedGood(): readonly string[] {
    return this.#named((test) => test.flags.includes('ProtocolRule') && !this.#accepts(test));
  }

  /** What it accepts of the cases that Latchkey refuses for their form alone. */
  laxities(): Laxities {
    const strict = this.#cases.filter(({ flags }) => flags.includes('StrictForm'));
    const flags = new Set(strict.flatMap((test) => test.flags));
    return Object.fromEntries(
      [...flags].map((flag) => {
        const flagged = strict.filter((test) => test.flags.includes(flag));
        const accepted = flagged.filter((test) => this.#accepts(test)).length;
        return [flag, { cases: flagged.length, accepted }];
      }),
    );
  }

  #named(applies: (test: JoseCase) => boolean): readonly string[] {
    return this.#cases.filter(applies).map(({ tcId, comment }) => `${tcId} ${comment}`);
  }

  #accepts({ tcId }: JoseCase): boolean {
    return typeof this.opened.get(tcId) === 'string';
  }

  #readsRight(test: JoseCase): boolean {
    const text = this.opened.get(test.tcId);
    const expected = 'jws' in test ? test.claims : test.content;
    return typeof text === 'string' && isDeepStrictEqual(JSON.parse(text), expected);
  }
}
