/** Three digits that count: figures of a benchmark have no more. */
export function figure(value) {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString('en-US', {
    minimumFractionDigits: Math.min(digits, 3),
    maximumFractionDigits: Math.min(digits, 3),
  });
}

const spread = ({ min, max }) => `${figure(min)} – ${figure(max)}`;

function reachOf({ atMost, atLeast, isReached }) {
  const wanted = atMost !== undefined ? `≤ ${atMost}` : atLeast !== undefined ? `≥ ${atLeast}` : '';
  return [wanted, isReached === undefined ? '' : isReached ? 'yes' : '**no**'];
}

/** The lines of a row: figures, ratios, facts. */
export function linesOf({ measured, compared, facts }) {
  return [
    ...measured.map((entry) => [
      entry.label,
      `${figure(entry.median)} ${entry.unit}`,
      spread(entry),
      ...reachOf(entry),
    ]),
    ...compared.map((entry) => [entry.label, `${figure(entry.median)} ×`, spread(entry), ...reachOf(entry)]),
    ...facts.map(({ label, found, isReached }) => [label, found, '', ...reachOf({ isReached })]),
  ];
}

const heads = ['what', 'median', 'min – max', 'reach', 'reached'];

/** For the terminal. */
export function textTable(result) {
  const lines = [heads, ...linesOf(result).map((line) => line.map((cell) => cell.replaceAll('**', '')))];
  const widths = heads.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const text = lines.map((line) =>
    line
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])))
      .join('  ')
      .trimEnd(),
  );
  return [
    `${result.title}`,
    ...text.map((line) => `  ${line}`),
    ...result.notes.map((note) => `  · ${note}`),
  ].join('\n');
}

/** For bench/README.md. */
export function markdownTable(result) {
  const lines = [heads, ['---', '---:', '---:', '---:', '---'], ...linesOf(result)];
  return [
    `### ${result.title}`,
    '',
    ...lines.map((line) => `| ${line.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`),
    ...(result.notes.length === 0 ? [] : ['', ...result.notes.map((note) => `- ${note}`)]),
  ].join('\n');
}
