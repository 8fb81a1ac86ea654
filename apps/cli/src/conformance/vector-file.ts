import { LicenseError, type JsonWebKeyInput } from '@latchkey/license/protocol';

/** The format of test vectors that this program runs; it is described in `docs/conformance.md`. */
const schema = 'latchkey-testvectors-1';

/** What every test case has. */
export interface TestCase {
  /** Unique over all files. */
  readonly tcId: number;
  readonly comment: string;
  readonly flags: readonly string[];
  readonly result: 'valid' | 'invalid';
  /** Of an invalid one: the `LicenseErrorCode` it is refused with. */
  readonly code?: string;
}

/** A signed document, and the claims that a valid one yields. */
export interface SignedCase extends TestCase {
  readonly jws: string;
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** A sealed document, and the content that a valid one yields. */
export interface SealedCase extends TestCase {
  readonly sealed: string;
  readonly content?: Readonly<Record<string, unknown>>;
}

/** The text of a license file. */
export interface TextCase extends TestCase {
  readonly text: string;
}

/** What one instance is told, one step after the other. */
export interface DecisionCase extends TestCase {
  readonly steps: readonly Step[];
}

/** One step: what the clocks show, at most one word, and what has to come of it. Words name documents of the group. */
export interface Step {
  /** Seconds: the wall clock since 1970, and how long the instance has run. */
  readonly clock: { readonly wall: number; readonly uptime: number };
  readonly offer?: { readonly license: string | null; readonly revocation?: string };
  readonly sealed?: string;
  readonly keyFile?: string;
  readonly expect: Readonly<Record<string, unknown>>;
}

/** Tests that share their inputs. */
export type TestGroup =
  | {
      readonly type: 'SignedLicense' | 'SignedRevocation';
      readonly trustedKeys: JsonWebKeyInput;
      readonly tests: readonly SignedCase[];
    }
  | {
      readonly type: 'SealedLicense' | 'KeyFile';
      readonly testOnlyEncryptionKeys: JsonWebKeyInput;
      readonly tests: readonly SealedCase[];
    }
  | { readonly type: 'LicenseText'; readonly license: string; readonly tests: readonly TextCase[] }
  | DecisionGroup;

/** Instances under one policy, and the documents that they are told. */
export interface DecisionGroup {
  readonly type: 'Decisions';
  readonly policy: {
    readonly product: string | null;
    readonly deploymentId: string | null;
    readonly editions: readonly string[];
  };
  readonly trustedKeys: JsonWebKeyInput;
  readonly testOnlyEncryptionKeys?: JsonWebKeyInput;
  readonly documents: Readonly<Record<string, string>>;
  readonly tests: readonly DecisionCase[];
}

const inputOf: Readonly<Record<TestGroup['type'], string>> = {
  SignedLicense: 'jws',
  SignedRevocation: 'jws',
  SealedLicense: 'sealed',
  KeyFile: 'sealed',
  LicenseText: 'text',
  Decisions: 'steps',
};

/**
 * Reads a file of test vectors.
 *
 * @throws {MALFORMED} when it is none, of another schema, or has another number of tests than it says: a run over
 *   half a file must not look like a good one
 */
export function parseVectorFile(text: string): readonly TestGroup[] {
  const file = parseJson(text) as { schema?: unknown; numberOfTests?: unknown; testGroups?: unknown } | null;
  if (file?.schema !== schema || !Array.isArray(file.testGroups)) {
    throw new LicenseError('MALFORMED', `test vectors: expected a file with "schema": "${schema}"`);
  }
  const groups = file.testGroups as TestGroup[];
  let found = 0;
  for (const group of groups) {
    const input = Object.hasOwn(inputOf, group.type) ? inputOf[group.type] : null;
    if (input === null) {
      throw new LicenseError(
        'MALFORMED',
        `test vectors: expected groups of ${Object.keys(inputOf).join(', ')}`,
      );
    }
    for (const test of group.tests) {
      if (!Object.hasOwn(test, input)) {
        throw new LicenseError('MALFORMED', `test vectors: expected "${input}" in test ${test.tcId}`);
      }
    }
    found += group.tests.length;
  }
  if (found === 0 || found !== file.numberOfTests) {
    throw new LicenseError(
      'MALFORMED',
      `test vectors: expected ${String(file.numberOfTests)} tests as the file says, found ${found}`,
    );
  }
  return groups;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new LicenseError('MALFORMED', 'test vectors: expected JSON, found something else', { cause });
  }
}
