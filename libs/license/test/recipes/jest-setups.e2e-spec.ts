import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const here = import.meta.dirname;
const library = join(here, '..', '..');
const jest = createRequire(import.meta.url).resolve('jest/bin/jest');

// A folder below the repository, so that Nest and Jest are found, with the built library installed in it.
describe.each([
  {
    setup: 'ES modules',
    config: 'jest-esm/jest.config.mjs',
    type: 'module',
    flags: ['--experimental-vm-modules'],
  },
  { setup: 'CommonJS', config: 'jest-cjs/jest.config.cjs', type: 'commonjs', flags: [] },
])('an app with Jest in $setup', ({ config, type, flags }) => {
  let folder: string;
  beforeAll(() => {
    if (!existsSync(join(library, 'dist', 'testing.js'))) throw new Error('run "npm run build" first');
    folder = mkdtempSync(join(library, '..', '..', 'dist', 'jest-setup-'));
    const installed = join(folder, 'node_modules', '@latchkey', 'license');
    mkdirSync(installed, { recursive: true });
    cpSync(join(library, 'package.json'), join(installed, 'package.json'));
    cpSync(join(library, 'dist'), join(installed, 'dist'), { recursive: true });
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type }));
    cpSync(join(here, config), join(folder, config.split('/')[1] ?? ''));
    for (const file of ['reports.module.ts', 'controller.e2e-spec.ts', 'without-http.e2e-spec.ts']) {
      const text = readFileSync(join(here, file), 'utf8');
      const imports = type === 'module' ? text : text.replaceAll(/(from '\.\/.*)\.js'/g, "$1'");
      writeFileSync(join(folder, file.replace('.e2e-spec', '.spec')), imports);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('runs the recipes', () => {
    const { stderr } = spawnSync(process.execPath, [...flags, jest, '--rootDir', '.'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(stderr).toContain('Tests:       3 passed, 3 total');
  }, 120_000);
});
