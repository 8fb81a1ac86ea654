'use strict';

/**
 * The file below `sourceRoot` that calls `LicenseModule.forRoot()` or `forRootAsync()`, or null. Specs do not count:
 * they import the module for themselves.
 *
 * @param {typeof import('typescript')} ts
 * @param {import('./nest-add.d.cts').FileTree} tree
 * @param {string} sourceRoot
 * @returns {string | null}
 */
function findUse(ts, tree, sourceRoot) {
  /** @type {string | null} */
  let found = null;
  tree.getDir(sourceRoot).visit((path) => {
    if (found !== null || !path.endsWith('.ts') || /[.-]spec\.ts$|\/node_modules\//.test(path)) return;
    const text = tree.readText(path);
    if (!text.includes('LicenseModule')) return; // spares most files the parser
    if (usesModule(ts, ts.createSourceFile(path, text, ts.ScriptTarget.Latest))) found = path.slice(1);
  });
  return found;
}

/**
 * @param {typeof import('typescript')} ts
 * @param {import('typescript').Node} node
 * @returns {boolean}
 */
function usesModule(ts, node) {
  const isUse =
    ts.isPropertyAccessExpression(node) &&
    ts.isIdentifier(node.expression) &&
    node.expression.text === 'LicenseModule' &&
    /^forRoot(Async)?$/.test(node.name.text);
  return isUse || (ts.forEachChild(node, (child) => usesModule(ts, child) || undefined) ?? false);
}

module.exports = { findUse };
