'use strict';

const { createRequire } = require('node:module');
const { join } = require('node:path');

/** What to do by hand where nothing can be edited safely. */
const byHand =
  'Import it by hand: add LicenseModule.forRoot({ product, trustedKeys }) from @latchkey/license to the imports of ' +
  'your root module.';

/**
 * The project's own TypeScript, or the one the Nest CLI brings. TypeScript 7.0 has no compiler interface; the CLI's
 * has one then.
 *
 * @returns {typeof import('typescript')}
 */
function loadTypeScript() {
  const places = [join(process.cwd(), 'package.json'), process.argv[1] ?? __filename];
  for (const place of places) {
    const found = loadFrom(place);
    if (found !== null) return found;
  }
  throw new Error(`expected TypeScript 5 or 6 in this project, found none. ${byHand}`);
}

/**
 * @param {string} place a file whose folder the package is looked for from
 * @returns {typeof import('typescript') | null}
 */
function loadFrom(place) {
  try {
    const ts = createRequire(place)('typescript');
    return typeof ts.createSourceFile === 'function' ? ts : null;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'MODULE_NOT_FOUND') return null;
    throw error;
  }
}

module.exports = { byHand, loadTypeScript };
