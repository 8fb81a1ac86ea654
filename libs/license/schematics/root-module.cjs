'use strict';

const { posix } = require('node:path');

const { byHand } = require('./typescript.cjs');

/** @typedef {{ path: string, text: string, className: string }} RootModule */

/**
 * The class that the project's entry file gives to `NestFactory`, and the file it is in.
 *
 * @param {typeof import('typescript')} ts
 * @param {import('./nest-add.d.cts').FileTree} tree
 * @param {string} sourceRoot
 * @returns {RootModule}
 */
function findRootModule(ts, tree, sourceRoot) {
  const entryPath = posix.join(sourceRoot, `${entryFileOf(tree, sourceRoot)}.ts`);
  if (!tree.exists(entryPath)) {
    throw new Error(`expected the entry file ${entryPath}, found none. ${byHand}`);
  }
  const entry = ts.createSourceFile(entryPath, tree.readText(entryPath), ts.ScriptTarget.Latest, true);
  const className = createdClass(ts, entry);
  if (className === null) {
    throw new Error(
      `${entryPath}: expected a call like NestFactory.create(AppModule), found none. ${byHand}`,
    );
  }
  const path = importedFrom(ts, entry, className) ?? entryPath;
  if (!tree.exists(path)) {
    throw new Error(`expected ${className} in ${path}, found no such file. ${byHand}`);
  }
  return { path, text: tree.readText(path), className };
}

/**
 * `entryFile` in nest-cli.json of the project whose sources are in `sourceRoot`; `main` by default.
 *
 * @param {import('./nest-add.d.cts').FileTree} tree
 * @param {string} sourceRoot
 * @returns {string}
 */
function entryFileOf(tree, sourceRoot) {
  if (!tree.exists('nest-cli.json')) return 'main';
  const config = /** @type {any} */ (tree.readJson('nest-cli.json'));
  const projects = Object.values(config.projects ?? {});
  const project = projects.find((candidate) => candidate.sourceRoot === sourceRoot);
  return project?.entryFile ?? config.entryFile ?? 'main';
}

/**
 * The name given first to `NestFactory.create()`, `createMicroservice()` or `createApplicationContext()`.
 *
 * @param {typeof import('typescript')} ts
 * @param {import('typescript').Node} node
 * @returns {string | null}
 */
function createdClass(ts, node) {
  if (
    ts.isCallExpression(node) &&
    ts.isPropertyAccessExpression(node.expression) &&
    ts.isIdentifier(node.expression.expression) &&
    node.expression.expression.text === 'NestFactory' &&
    node.arguments[0] !== undefined &&
    ts.isIdentifier(node.arguments[0])
  ) {
    return node.arguments[0].text;
  }
  return ts.forEachChild(node, (child) => createdClass(ts, child) ?? undefined) ?? null;
}

/**
 * The file a relative import takes `name` from, or null when it is not imported like that.
 *
 * @param {typeof import('typescript')} ts
 * @param {import('typescript').SourceFile} source
 * @param {string} name
 * @returns {string | null}
 */
function importedFrom(ts, source, name) {
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const bindings = statement.importClause?.namedBindings;
    if (bindings === undefined || !ts.isNamedImports(bindings)) continue;
    if (!bindings.elements.some((element) => element.name.text === name)) continue;
    const from = statement.moduleSpecifier.text;
    if (!from.startsWith('.')) {
      throw new Error(`expected ${name} from a file of this project, found "${from}". ${byHand}`);
    }
    return `${posix.join(posix.dirname(source.fileName), from.replace(/\.[jt]s$/, ''))}.ts`;
  }
  return null;
}

module.exports = { findRootModule };
