import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { runVectors } from '../../apps/cli/src/conformance/run-vectors.js';
import type { TestCase, TestGroup } from '../../apps/cli/src/conformance/vector-file.js';
import { readGroups, testsOf, vectorPaths } from './vectors.js';

const generator = fileURLToPath(new URL('../../scripts/make-testvectors.mjs', import.meta.url));
const manual = new URL('../../docs/conformance.md', import.meta.url);
const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

interface Documents {
  readonly jws?: string;
  readonly sealed?: string;
  readonly text?: string;
}

describe('the test vectors', () => {
  const groups = readGroups();
  const tests = testsOf(groups);

  it('come out as they say with the library', () => {
    expect(runVectors(groups)).toEqual([]);
  });

  it('are at least 200, and at least two thirds of them invalid', () => {
    const invalid = tests.filter((test) => test.result === 'invalid');
    expect(tests.length).toBeGreaterThanOrEqual(200);
    expect(invalid.length / tests.length).toBeGreaterThanOrEqual(2 / 3);
  });

  it('are as many as the manual says', () => {
    const rows = readFileSync(manual, 'utf8').matchAll(
      /^\| `(?<name>[\w-]+\.json)` .*\| +(?<all>\d+) \| +(?<valid>\d+) \| +(?<invalid>\d+) \|$/gm,
    );
    const found = vectorPaths().map((path) => {
      const results = testsOf(readGroups([path])).map(({ result }) => result);
      const valid = results.filter((result) => result === 'valid').length;
      const [all, invalid] = [results.length, results.length - valid];
      return { name: basename(path), all: `${all}`, valid: `${valid}`, invalid: `${invalid}` };
    });
    const said = [...rows].map(({ groups: row }) => ({ ...row }));
    expect(said).toHaveLength(found.length);
    expect(said).toEqual(expect.arrayContaining(found));
  });

  it('have an id each, and a code when they are invalid', () => {
    expect(new Set(tests.map((test) => test.tcId)).size).toBe(tests.length);
    expect(tests.filter((test) => (test.result === 'invalid') !== (test.code !== undefined))).toEqual([]);
  });

  it('sum up each sequence of decisions as its steps say', () => {
    const sequences = groups.flatMap((group) => (group.type === 'Decisions' ? group.tests : []));
    expect(sequences.length).toBeGreaterThan(0);
    for (const { tcId, steps, result, code } of sequences) {
      const [refusal] = steps.flatMap(({ expect: { revocationCode, verdict, code: reason } }) => [
        ...(revocationCode === undefined ? [] : [revocationCode]),
        ...(verdict === 'refused' ? [reason] : []),
      ]);
      const isValid = refusal === undefined && steps.at(-1)?.expect['licensed'] === true;
      expect({ tcId, result, code }).toEqual({
        tcId,
        result: isValid ? 'valid' : 'invalid',
        code: refusal ?? code,
      });
    }
  });

  it('explain each of their flags, and no other', () => {
    for (const path of vectorPaths()) {
      const { notes } = JSON.parse(readFileSync(path, 'utf8')) as { notes: Record<string, string> };
      const used = testsOf(readGroups([path])).flatMap((test) => test.flags);
      expect(new Set(Object.keys(notes))).toEqual(new Set(used));
    }
  });

  it('hold no private key, and secrets only where they are said to be for tests', () => {
    const texts = vectorPaths().map((path) => readFileSync(path, 'utf8'));
    expect(texts.filter((text) => text.includes('PRIVATE KEY'))).toEqual([]);
    expect(texts.flatMap((text) => secretsIn(JSON.parse(text)))).toEqual([]);
    expect(secretsIn({ keys: [{ kty: 'RSA', n: 'AQAB', d: 'AQAB' }] })).toEqual(['d']);
    expect(secretsIn({ jws: `${encoded({ jwk: { kty: 'oct', k: 'AAEC' } })}.e30.AAEC` })).toEqual(['k']);
  });
});

describe('the generator', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'latchkey-testvectors-'));
    const { status, stderr } = spawnSync(process.execPath, [generator, directory], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${generator} ended with ${String(status)}: ${stderr}`);
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it('makes the same tests again', () => {
    expect(vectorPaths(directory).map((path) => basename(path))).toEqual(
      vectorPaths().map((path) => basename(path)),
    );
    expect(testsOf(made()).map(withoutDocuments)).toEqual(testsOf(readGroups()).map(withoutDocuments));
  });

  it('makes them with keys that nobody had before', () => {
    const before = new Set(readGroups().flatMap(keysOf));
    const keys = made().flatMap(keysOf);
    expect(keys.length).toBeGreaterThan(0);
    expect(keys.filter((key) => before.has(key))).toEqual([]);
  });

  it('makes them so that they come out as they say', () => {
    expect(runVectors(made())).toEqual([]);
  });

  const made = (): readonly TestGroup[] => readGroups(vectorPaths(directory));
});

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Members of private and secret keys, also in the headers of documents. */
function secretsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') {
    const [header = ''] = value.split('.');
    return (
      Buffer.from(header, 'base64url')
        .toString()
        .match(/(?<=")(d|p|q|dp|dq|qi|oth|k)(?=":)/g) ?? []
    );
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    if (name === 'testOnlyEncryptionKeys') return [];
    return 'kty' in value && secretMembers.includes(name) ? [name] : secretsIn(member);
  });
}

/** A test without what is different each time: signed and sealed documents. */
function withoutDocuments({
  jws: _jws,
  sealed: _sealed,
  text: _text,
  ...rest
}: TestCase & Documents): object {
  return rest;
}

function keysOf(group: TestGroup): readonly string[] {
  const sets = [
    ...('trustedKeys' in group ? [group.trustedKeys] : []),
    ...('testOnlyEncryptionKeys' in group ? [group.testOnlyEncryptionKeys] : []),
  ];
  return sets
    .flatMap((set) => (set?.['keys'] as { n?: string; k?: string }[] | undefined) ?? [])
    .map(({ n, k }) => n ?? k ?? '');
}
