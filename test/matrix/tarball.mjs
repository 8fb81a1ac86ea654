import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expectSame } from '../../scripts/demo/claims.mjs';
import { repository } from '../../scripts/set-up.mjs';

const library = join(repository, 'libs', 'license');
// Loose on purpose: they notice a build that took its sources, its specs or somebody's data along.
const mostBytes = 200_000;
const mostFiles = 300;
const expected =
  /^(LICENSE|README\.md|package\.json|dist\/[\w./-]+\.(c?js|d\.ts)|schematics\/[\w.-]+\.(cjs|json))$/;
const neverThere = /\.(e2e-)?spec\.|(^|\/)test\//;

/**
 * Packs the library as it would be published.
 *
 * @returns {Promise<{ path: string, size: number, files: string[] }>}
 */
export async function pack(npm, folder) {
  const output = await npm.npm(library, 'pack', '--json', '--pack-destination', folder);
  // The build of prepack may print around it.
  const [{ filename, size, files }] = JSON.parse(
    output.slice(output.indexOf('[\n'), output.lastIndexOf(']') + 1),
  );
  return { path: join(folder, filename), size, files: files.map(({ path }) => path) };
}

/** What holds for the tarball before anybody installs it. */
export async function checkTarball(claims, npm, { path, size, files }) {
  const {
    dependencies = {},
    optionalDependencies = {},
    scripts = {},
  } = JSON.parse(readFileSync(join(library, 'package.json'), 'utf8'));
  await claims.claim('it holds the built library and the schematic, nothing else', async () => {
    expectSame(
      'unexpected files',
      files.filter((one) => !expected.test(one) || neverThere.test(one)),
      [],
    );
    if (size > mostBytes || files.length > mostFiles) {
      throw new Error(
        `expected at most ${mostBytes} bytes in ${mostFiles} files, found ${size} in ${files.length}`,
      );
    }
    return `${files.length} files, ${(size / 1000).toFixed(1)} kB`;
  });
  await claims.claim('no file points to a source map', async () => {
    const pointing = files.filter((one) =>
      readFileSync(join(library, one), 'utf8').includes('sourceMappingURL='),
    );
    expectSame('files that do', pointing, []);
    return 'none';
  });
  await claims.claim('it depends on nothing and runs nothing when installed', async () => {
    const hooks = Object.keys(scripts).filter((name) => /^(pre|post)?install$|^prepare$/.test(name));
    const found = [...Object.keys({ ...dependencies, ...optionalDependencies }), ...hooks];
    expectSame('dependencies and hooks', found, []);
    return '0 dependencies';
  });
  await claims.claim('publint finds nothing', async () => {
    await npm.run(repository, process.execPath, ['node_modules/publint/src/cli.js', path, '--strict']);
    return 'all good';
  });
  await claims.claim(
    'are-the-types-wrong finds nothing but that it is ESM only, as ADR 0001 says',
    async () => {
      const attw = 'node_modules/@arethetypeswrong/cli/dist/index.js';
      await npm.run(repository, process.execPath, [attw, path, '--ignore-rules', 'cjs-resolves-to-esm']);
      return 'no problems';
    },
  );
}
