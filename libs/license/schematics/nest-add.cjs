'use strict';

const { posix } = require('node:path');

const { withLicenseVariables } = require('./env-example.cjs');
const { withLicenseModule } = require('./license-module.cjs');
const { nextSteps } = require('./next-steps.cjs');
const { findRootModule } = require('./root-module.cjs');
const { loadTypeScript } = require('./typescript.cjs');
const { findUse } = require('./use.cjs');
const { placeholderKeys } = require('./vendor-keys.cjs');

/**
 * `nest add @latchkey/license`: imports `LicenseModule` into the root module, after `ConfigModule` when there is one,
 * creates `vendor-keys.ts` with a placeholder and adds the variables to `.env.example`. Changes nothing when the module
 * is imported already, and nothing at all when it cannot do everything.
 *
 * Written as CommonJS, because that is what the Nest CLI loads on every version, and without a package of its own:
 * the tree comes from the CLI, TypeScript from the project.
 *
 * @type {import('./nest-add.d.cts').NestAdd}
 */
const nestAdd =
  ({ sourceRoot = 'src', product }) =>
  (tree, { logger }) => {
    const ts = loadTypeScript();
    const user = findUse(ts, tree, sourceRoot);
    if (user !== null) {
      logger.info(`LicenseModule is already imported in ${user}: nothing was changed.`);
      return tree;
    }
    const manifest = readManifest(tree);
    const rootModule = findRootModule(ts, tree, sourceRoot);
    const keysPath = posix.join(sourceRoot, 'vendor-keys.ts');
    const keysAreNew = !tree.exists(keysPath);
    if (!keysAreNew && !/\bvendorKeys\b/.test(tree.readText(keysPath))) {
      throw new Error(
        `${keysPath}: expected an export "vendorKeys", found none: add it, or move the file away`,
      );
    }
    const edited = withLicenseModule(ts, {
      ...rootModule,
      keysPath,
      product: product ?? productOf(manifest),
      isEsm: manifest.type === 'module',
    });

    tree.overwrite(rootModule.path, edited);
    if (keysAreNew) tree.create(keysPath, placeholderKeys());
    writeEnvExample(tree);
    logger.info(nextSteps({ keysPath: keysAreNew ? keysPath : null, manifest }));
    return tree;
  };

/** @param {import('./nest-add.d.cts').FileTree} tree */
function writeEnvExample(tree) {
  const path = '.env.example';
  const before = tree.exists(path) ? tree.readText(path) : '';
  const after = withLicenseVariables(before);
  if (after === before) return;
  if (tree.exists(path)) tree.overwrite(path, after);
  else tree.create(path, after);
}

/**
 * @param {import('./nest-add.d.cts').FileTree} tree
 * @returns {import('./next-steps.cjs').Manifest}
 */
function readManifest(tree) {
  if (!tree.exists('package.json')) {
    throw new Error('expected a package.json here, found none: run nest add in the folder of the project');
  }
  return /** @type {import('./next-steps.cjs').Manifest} */ (tree.readJson('package.json'));
}

/**
 * The package's name without its scope.
 *
 * @param {import('./next-steps.cjs').Manifest} manifest
 */
function productOf({ name = 'app' }) {
  return name.replace(/^@[^/]+\//, '');
}

module.exports = { nestAdd };
