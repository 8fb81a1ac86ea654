import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const guide = readFileSync(new URL('../../../../docs/guides/testing.md', import.meta.url), 'utf8');
const blocks = [...guide.matchAll(/^```(?<language>.*)\n(?<code>[^]*?)\n```$/gm)].map(({ groups }) => ({
  language: groups?.['language'],
  code: groups?.['code'] ?? '',
  firstLine: groups?.['code']?.split('\n')[0],
}));

const here = import.meta.dirname;
const recipes = readdirSync(here, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.[cm]?[jt]s$/.test(file) && !/^(guide|jest-setups)\./.test(file))
  .map((file) => readFileSync(join(here, file), 'utf8'));

/** The code as it stands at a depth of `indent` spaces. */
const indented = (code: string, indent: number): string => code.replaceAll(/^(?=.)/gm, ' '.repeat(indent));

describe('the guide to testing', () => {
  it('has code blocks in languages that are run', () => {
    expect(blocks.length).toBeGreaterThan(10);
    expect(new Set(blocks.map(({ language }) => language))).toEqual(new Set(['ts', 'js']));
  });

  it.each(blocks)('shows what a recipe runs: $firstLine', ({ code }) => {
    const places = [0, 2, 4].map((indent) => `\n${indented(code, indent)}\n`);
    const isRun = recipes.some((recipe) => places.some((place) => `\n${recipe}`.includes(place)));
    expect(isRun).toBe(true);
  });

  it('shows every recipe', () => {
    const titles = recipes
      .flatMap((recipe) => recipe.match(/^ *it\('.+'/gm) ?? [])
      .map((line) => line.trim());
    expect(titles.length).toBeGreaterThan(10);
    expect(titles.filter((title) => !guide.includes(title))).toEqual([]);
  });
});
