import { LicenseError } from '@latchkey/license/protocol';

import {
  envelopeOpener,
  keyFileOpener,
  licenseOpener,
  revocationOpener,
  textOpener,
  type OpenDocument,
} from './document-openers.js';
import { Instance } from './instance.js';
import type { DecisionGroup, TestCase, TestGroup } from './vector-file.js';

/** A test that came out otherwise than expected. */
export interface Failure {
  readonly tcId: number;
  readonly comment: string;
  /** Expected and found, in one line. */
  readonly problem: string;
}

/** Runs the tests of a file. @returns those that came out otherwise than expected */
export function runVectors(groups: readonly TestGroup[]): readonly Failure[] {
  return groups.flatMap(runGroup);
}

function runGroup(group: TestGroup): readonly Failure[] {
  switch (group.type) {
    case 'SignedLicense':
      return failures(group.tests, opening(licenseOpener(group.trustedKeys)));
    case 'SignedRevocation':
      return failures(group.tests, opening(revocationOpener(group.trustedKeys)));
    case 'SealedLicense':
      return failures(group.tests, opening(envelopeOpener(group.testOnlyEncryptionKeys)));
    case 'KeyFile':
      return failures(group.tests, opening(keyFileOpener(group.testOnlyEncryptionKeys)));
    case 'LicenseText':
      return failures(group.tests, opening(textOpener(group.license)));
    case 'Decisions':
      return failures(group.tests, (test) => decide(group, test));
  }
}

/** Whatever is thrown fails its own test, and no other: a port must refuse, and never break off. */
function failures<T extends TestCase>(
  tests: readonly T[],
  problemOf: (test: T) => string | null,
): readonly Failure[] {
  return tests.flatMap((test) => {
    let problem: string | null;
    try {
      problem = problemOf(test);
    } catch (error) {
      problem = `expected an answer, found ${String(error)}`;
    }
    return problem === null ? [] : [{ tcId: test.tcId, comment: test.comment, problem }];
  });
}

function opening<T extends TestCase>(open: OpenDocument<T>): (test: T) => string | null {
  return (test) => {
    const expected = test.code ?? test.result;
    const found = outcomeOf(() => (open(test) ? 'valid' : 'valid, with other content'));
    return found === expected ? null : `expected ${expected}, found ${found}`;
  };
}

function outcomeOf(open: () => string): string {
  try {
    return open();
  } catch (error) {
    if (error instanceof LicenseError) return error.code;
    throw error;
  }
}

function decide(group: DecisionGroup, { steps }: DecisionGroup['tests'][number]): string | null {
  const instance = new Instance(group);
  for (const [index, step] of steps.entries()) {
    const problem = instance.take(step);
    if (problem !== null) return `step ${index + 1}: ${problem}`;
  }
  return null;
}
