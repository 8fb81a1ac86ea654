// npm run docs: writes docs/api, the API reference, from the docstrings of the library's entry points (typedoc.json).
// npm run docs:check, with --check: fails when the committed pages differ from what the docstrings say.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Application, Converter, ReflectionKind } from 'typedoc';
import { MarkdownPageEvent } from 'typedoc-plugin-markdown';

import { repository } from './set-up.mjs';

const committed = join(repository, 'docs', 'api');

process.chdir(repository);
process.exitCode = process.argv.includes('--check') ? await check() : await write(committed);

/** Writes the pages into `out`. Anything typedoc warns of is a failure. Gives the exit code. */
async function write(out) {
  const app = await Application.bootstrapWithPlugins({
    out,
    pageTitleTemplates: { module: ({ name }) => entryPoint(name) },
  });
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    for (const reflection of Object.values(project.reflections)) {
      showThrownCodes(reflection);
      showWords(reflection);
    }
  });
  app.renderer.on(MarkdownPageEvent.END, (page) => {
    if (page.model.isProject()) page.contents = contents(page.model);
    // The plugin takes LicenseError.code and LicenseErrorCode for one heading, and counts on.
    page.contents = page.contents.replaceAll('#licenseerrorcode-1', '#licenseerrorcode');
  });
  const project = await app.convert();
  if (project === undefined) return 1;
  app.validate(project);
  if (app.logger.hasErrors() || app.logger.hasWarnings()) return 1;
  await app.generateOutputs(project);
  return app.logger.hasErrors() ? 1 : 0;
}

async function check() {
  const fresh = mkdtempSync(join(tmpdir(), 'latchkey-api-'));
  try {
    const exitCode = await write(fresh);
    if (exitCode !== 0) return exitCode;
    const names = new Set([...readdirSync(fresh), ...(existsSync(committed) ? readdirSync(committed) : [])]);
    const differing = [...names].filter((name) => textOf(fresh, name) !== textOf(committed, name));
    if (differing.length === 0) return 0;
    const pages = differing.map((name) => `docs/api/${name}`).join(', ');
    console.error(`not what the docstrings say: ${pages}. Run "npm run docs" and commit what it writes.`);
    return 1;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** The text of a page with the line ends that typedoc writes; null where there is none. */
function textOf(directory, name) {
  try {
    return readFileSync(join(directory, name), 'utf8').replaceAll('\r\n', '\n');
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

/** What an app imports to get at a module. */
function entryPoint(module) {
  return module === 'index' ? '@latchkey/license' : `@latchkey/license/${module}`;
}

/** `@throws {CODE} when …`: the code is a type to typedoc, which leaves it out of the page. */
function showThrownCodes({ comment }) {
  for (const tag of comment?.blockTags ?? []) {
    if (tag.tag !== '@throws' || tag.typeAnnotation === undefined) continue;
    const code = tag.typeAnnotation.replaceAll(/^\{|\}$/g, '').replaceAll(' | ', '`, `');
    tag.content.unshift({ kind: 'code', text: `\`${code}\`` }, { kind: 'text', text: ' ' });
  }
}

/** What is said about each word of a union (`'active' | 'grace'`) is left out of the page, too. */
function showWords({ comment, type }) {
  if (type?.type !== 'union' || type.elementSummaries === undefined) return;
  if (comment === undefined || type.types.some((one) => one.type !== 'literal')) return;
  for (const [index, summary] of type.elementSummaries.entries()) {
    const text = index === 0 ? '\n\n- ' : '\n- ';
    const word = { kind: 'code', text: `\`${type.types[index].value}\`` };
    comment.summary.push({ kind: 'text', text }, word, { kind: 'text', text: ': ' }, ...summary);
  }
}

/** The first page. */
function contents(project) {
  const modules = project.getChildrenByKind(ReflectionKind.Module);
  const items = modules.map(({ name, comment }) => {
    const summary = comment?.summary.map(({ text }) => text).join('') ?? '';
    return `- [\`${entryPoint(name)}\`](${name}.md): ${summary.replace(/^`[^`]*`: /, '').replaceAll('\n', ' ')}`;
  });
  const made =
    'Made from the docstrings by `npm run docs`; `npm run docs:check` compares. Change the docstring, not the page.';
  return (
    ['# API reference', 'One page for each entry point:', items.join('\n'), made, ''].join('\n\n').trimEnd() +
    '\n'
  );
}
