import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { LicenseTestingModule, overrideLicense } from '@latchkey/license/testing';
import { Test } from '@nestjs/testing';

import { AppModule } from './app.module.js';

const repository = join(import.meta.dirname, '../../../..');
const textOf = (...path: string[]): string => readFileSync(join(repository, ...path), 'utf8');
const codeOf = (name: string): string => textOf('libs/license/test/readme', name).trim();
const blocksOf = (text: string): { language: string; code: string }[] =>
  [...text.matchAll(/^```(.*)\n([^]*?)\n```$/gm)].map(([, language = '', code = '']) => ({ language, code }));

describe('the README of the package', () => {
  const readme = textOf('libs/license/README.md');
  const blocks = blocksOf(readme);

  it('shows code that is compiled and run here', () => {
    const shown = blocks.filter(({ language }) => language === 'ts').map(({ code }) => code);
    expect(shown).toEqual(['app.module.ts', 'reports.controller.ts', 'reports.e2e-spec.ts'].map(codeOf));
  });

  it('shows what a gated route answers without a license', async () => {
    const builder = Test.createTestingModule({ imports: [AppModule] });
    const module = await overrideLicense(builder, LicenseTestingModule.community()).compile();
    const app = module.createNestApplication({ logger: false });
    await app.listen(0, '127.0.0.1');
    const response = await fetch(`${await app.getUrl()}/reports/audit`);
    const body: unknown = await response.json();
    await app.close();
    expect(response.status).toBe(402);
    expect(blocks.filter(({ language }) => language === 'json').map(({ code }) => JSON.parse(code))).toEqual([
      body,
    ]);
  });

  it('has no relative links, which are dead on npm', () => {
    const targets = [...readme.matchAll(/\]\(([^)]*)\)/g)].map(([, target]) => target);
    expect(targets.filter((target) => !target?.startsWith('https://'))).toEqual([]);
  });
});

describe('README.zh-CN.md', () => {
  const english = textOf('README.md');
  const chinese = textOf('README.zh-CN.md');

  it('has the code of README.md', () => {
    expect(blocksOf(english).length).toBeGreaterThan(5);
    expect(blocksOf(chinese)).toEqual(blocksOf(english));
  });

  it('has its headings and tables, one for one', () => {
    const shape = (text: string): string[] =>
      text
        .replaceAll(/^```[^]*?^```$/gm, '')
        .split('\n')
        .flatMap((line) => /^(#+ |\|)/.exec(line)?.[0] ?? []);
    expect(shape(chinese)).toEqual(shape(english));
  });

  it('leads where README.md leads', () => {
    const links = (text: string): string[] =>
      [...text.matchAll(/\]\(([^)]*)\)/g)].flatMap(([, target = '']) =>
        target.startsWith('README') ? [] : target,
      );
    expect(links(chinese).toSorted()).toEqual(links(english).toSorted());
  });
});
