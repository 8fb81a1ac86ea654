import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const guide = readFileSync(join(import.meta.dirname, '../../../../docs/guides/observability.md'), 'utf8');
const file = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8').trim();
const blocksOf = (language: string): string[] =>
  [...guide.matchAll(new RegExp('```' + language + '\\n(.*?)\\n```', 'gs'))].map(([, block = '']) => block);

/** The files that the tests of this folder and of `src/nest` run. */
const recipes = [
  'health.controller.ts',
  'metrics.controller.ts',
  'plain-metrics.controller.ts',
  'license.telemetry.ts',
  'open-api.ts',
].map(file);

describe('the guide to observability', () => {
  it('shows no code that is not run by a test, and all that is', () => {
    expect(blocksOf('ts')).toEqual(recipes);
  });
});
