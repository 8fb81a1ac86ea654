'use strict';

const { posix } = require('node:path');

const { byHand } = require('./typescript.cjs');

/**
 * The text of the root module with `LicenseModule.forRoot()` among its imports. Nothing else in it changes.
 *
 * @param {typeof import('typescript')} ts
 * @param {import('./root-module.cjs').RootModule & { keysPath: string, product: string, isEsm: boolean }} input
 *   `keysPath`: the file that exports `vendorKeys`; `isEsm`: package.json says `"type": "module"`
 * @returns {string}
 */
function withLicenseModule(ts, { path, text, className, keysPath, product, isEsm }) {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const imports = source.statements.filter(ts.isImportDeclaration);
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const quote = imports[0]?.moduleSpecifier.getText(source)[0] ?? "'";
  const extension =
    isEsm || imports.some((one) => /^["']\..*\.js["']$/.test(one.moduleSpecifier.getText(source)));
  const keysFile = `./${posix.relative(posix.dirname(path), keysPath)}`
    .replace(/^\.\/\.\./, '..')
    .replace(/\.ts$/, extension ? '.js' : '');
  const quoted = (/** @type {string} */ value) => quote + value.replaceAll(/[\\'"]/g, '\\$&') + quote;
  const lines = [
    `import { LicenseModule } from ${quoted('@latchkey/license')};`,
    `import { vendorKeys } from ${quoted(keysFile)};`,
  ];
  const lastImport = imports.at(-1);
  const importEdit =
    lastImport === undefined
      ? { at: 0, insert: lines.join(newline) + newline }
      : { at: lastImport.getEnd(), insert: newline + lines.join(newline) };
  const entry = `LicenseModule.forRoot({ product: ${quoted(product)}, trustedKeys: vendorKeys })`;
  const entryEdit = editOfMetadata(ts, source, metadataOf(ts, source, className), entry);
  // The later one first: it does not move the other.
  return [entryEdit, importEdit].reduce((result, edit) => splice(result, edit), text);
}

/** @typedef {{ at: number, insert: string }} Edit */

/**
 * The object literal given to `@Module()` of the class.
 *
 * @param {typeof import('typescript')} ts
 * @param {import('typescript').SourceFile} source
 * @param {string} className
 */
function metadataOf(ts, source, className) {
  for (const statement of source.statements) {
    if (!ts.isClassDeclaration(statement) || statement.name?.text !== className) continue;
    for (const { expression } of ts.getDecorators(statement) ?? []) {
      if (!ts.isCallExpression(expression) || expression.expression.getText(source) !== 'Module') continue;
      const [metadata] = expression.arguments;
      if (metadata !== undefined && ts.isObjectLiteralExpression(metadata)) return metadata;
    }
  }
  throw new Error(
    `${source.fileName}: expected a class ${className} with @Module({ … }), found none that can be edited. ${byHand}`,
  );
}

/**
 * @param {typeof import('typescript')} ts
 * @param {import('typescript').SourceFile} source
 * @param {import('typescript').ObjectLiteralExpression} metadata
 * @param {string} entry
 * @returns {Edit}
 */
function editOfMetadata(ts, source, metadata, entry) {
  const property = metadata.properties.find((one) => one.name?.getText(source) === 'imports');
  if (property === undefined) {
    const [first] = metadata.properties;
    return first === undefined
      ? { at: metadata.getStart(source) + 1, insert: ` imports: [${entry}] ` }
      : { at: first.getStart(source), insert: `imports: [${entry}],${gapBefore(source, first, ' ')}` };
  }
  if (!ts.isPropertyAssignment(property) || !ts.isArrayLiteralExpression(property.initializer)) {
    throw new Error(`${source.fileName}: expected "imports" as a list, found something else. ${byHand}`);
  }
  const { elements } = property.initializer;
  const before = elements.findLast((one) => rootName(ts, one) === 'ConfigModule') ?? elements.at(-1);
  return before === undefined
    ? { at: property.initializer.getStart(source) + 1, insert: entry }
    : { at: before.getEnd(), insert: `,${gapBefore(source, before, ' ')}${entry}` };
}

/**
 * Line break and indentation in front of a node that starts its line; `otherwise` for one that does not.
 *
 * @param {import('typescript').SourceFile} source
 * @param {import('typescript').Node} node
 * @param {string} otherwise
 */
function gapBefore(source, node, otherwise) {
  return /\r?\n[ \t]*$/.exec(source.text.slice(0, node.getStart(source)))?.[0] ?? otherwise;
}

/**
 * `ConfigModule` of `ConfigModule`, `ConfigModule.forRoot()`, `await ConfigModule.forRoot()`.
 *
 * @param {typeof import('typescript')} ts
 * @param {import('typescript').Node} node
 * @returns {string | null}
 */
function rootName(ts, node) {
  if (ts.isIdentifier(node)) return node.text;
  if (ts.isCallExpression(node) || ts.isPropertyAccessExpression(node) || ts.isAwaitExpression(node)) {
    return rootName(ts, node.expression);
  }
  return null;
}

/**
 * @param {string} text
 * @param {Edit} edit
 */
function splice(text, { at, insert }) {
  return text.slice(0, at) + insert + text.slice(at);
}

module.exports = { withLicenseModule };
