import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { format, resolveConfig } from 'prettier';

import { machineText } from './machine.mjs';
import { growthPlot, ratioPlot } from './plot.mjs';
import { markdownTable } from './table.mjs';

const readme = new URL('../README.md', import.meta.url);
const results = new URL('../results/', import.meta.url);
const [begin, end] = ['<!-- results: begin -->', '<!-- results: end -->'];

/** Writes a row as JSON, and its plots beside it. */
export function keepResult(result, machine) {
  mkdirSync(results, { recursive: true });
  write(`${result.name}.json`, `${JSON.stringify({ ...result, machine }, rounded, 2)}\n`);
  for (const { file, content } of plotsOf(result)) write(file, content);
}

/** Puts the tables and plots of all rows between the markers of bench/README.md. */
export async function keepTables(rows, machine, { startedAt, minutes }) {
  const text = readFileSync(readme, 'utf8');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from === -1 || to === -1) throw new Error(`expected ${begin} and ${end} in bench/README.md`);
  const sections = rows.map((row) =>
    [markdownTable(row), ...plotsOf(row).map(({ file, title }) => `![${title}](results/${file})`)].join(
      '\n\n',
    ),
  );
  const open = rows.flatMap(({ title, compared, measured, facts }) =>
    [...compared, ...measured, ...facts]
      .filter(({ isReached }) => isReached === false)
      .map(({ label }) => `- ${title}: ${label}`),
  );
  const intro = [
    `Measured ${startedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC in ${minutes} minutes. ${machineText(machine)}.`,
    open.length === 0
      ? 'Everything to be reached was reached.'
      : `Not reached in this run:\n\n${open.join('\n')}`,
  ];
  const written = `${text.slice(0, from)}${[begin, ...intro, ...sections, end].join('\n\n')}${text.slice(to + end.length)}`;
  const filepath = fileURLToPath(readme);
  writeFileSync(readme, await format(written, { ...(await resolveConfig(filepath)), filepath }));
}

function plotsOf(result) {
  const ratio = ratioPlot(result);
  const plots = ratio === null ? [] : [{ file: `${result.name}.svg`, title: result.title, content: ratio }];
  for (const [i, series] of (result.series ?? []).entries()) {
    plots.push({ file: `${result.name}-${i + 1}.svg`, title: series.title, content: growthPlot(series) });
  }
  return plots;
}

function write(file, content) {
  writeFileSync(new URL(file, results), content);
}

/** Six digits are more than any of these figures has. */
function rounded(_, value) {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value;
}
