import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import {
  parseVectorFile,
  type SealedCase,
  type SignedCase,
  type TestCase,
  type TestGroup,
} from '../../apps/cli/src/conformance/vector-file.js';

const committed = fileURLToPath(new URL('../../testvectors/', import.meta.url));

/** The paths of the files of test vectors: those of the repository, or of another directory. */
export function vectorPaths(directory = committed): readonly string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.json'))
    .map((name) => join(directory, name));
}

/** The groups of some files; default: all of the repository. */
export function readGroups(paths = vectorPaths()): readonly TestGroup[] {
  return paths.flatMap((path) => parseVectorFile(readFileSync(path, 'utf8')));
}

/** The tests of some groups, whatever they are about. */
export function testsOf(groups: readonly TestGroup[]): readonly TestCase[] {
  return groups.flatMap((group): readonly TestCase[] => group.tests);
}

/** Groups whose documents a JOSE library can open. */
export type JoseGroup = Exclude<TestGroup, { type: 'LicenseText' | 'Decisions' }>;

/** All of them in the repository. */
export function readJoseGroups(): readonly JoseGroup[] {
  return readGroups().filter(
    (group): group is JoseGroup => group.type !== 'LicenseText' && group.type !== 'Decisions',
  );
}

/** A document that a JOSE library can open. */
export type JoseCase = SignedCase | SealedCase;

/** The compact JWS or JWE of a test. */
export function documentOf(test: JoseCase): string {
  return 'jws' in test ? test.jws : test.sealed;
}
