import { figure } from './table.mjs';

const width = 720;
const left = 300;
const right = 40;
const rowHeight = 22;
const top = 44;

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/**
 * The ratios of a row: a dot for the median, a line from the smallest to the largest round, a tick for what is to be
 * reached. The axis is logarithmic, so that twice and half are equally far from the same.
 *
 * @returns {string | null} an SVG; null when there is nothing to draw
 */
export function ratioPlot({ title, compared }) {
  const entries = compared.filter(({ min, max }) => min > 0 && Number.isFinite(max));
  if (entries.length === 0) return null;
  const limits = entries
    .flatMap(({ min, max, atMost, atLeast }) => [min, max, atMost, atLeast])
    .filter((x) => x !== undefined);
  const from = Math.min(0.5, ...limits) / 1.1;
  const to = Math.max(2, ...limits) * 1.1;
  const x = (value) => left + (Math.log(value / from) / Math.log(to / from)) * (width - left - right);
  const ticks = [0.01, 0.1, 0.2, 0.5, 1, 2, 5, 10, 100, 1_000, 10_000].filter(
    (tick) => tick >= from && tick <= to,
  );
  const height = top + entries.length * rowHeight + 28;
  const axis = ticks.map(
    (tick) =>
      `<line x1="${x(tick)}" x2="${x(tick)}" y1="${top - 6}" y2="${height - 22}" stroke="${tick === 1 ? '#888' : '#ddd'}"/>` +
      `<text x="${x(tick)}" y="${height - 8}" text-anchor="middle">${figure(tick)} ×</text>`,
  );
  const rows = entries.map((entry, i) => {
    const y = top + i * rowHeight + rowHeight / 2;
    const reach = entry.atMost ?? entry.atLeast;
    const color = entry.isReached === undefined ? '#555' : entry.isReached ? '#1a7f37' : '#cf222e';
    return (
      `<text x="${left - 10}" y="${y + 4}" text-anchor="end">${escape(entry.label)}</text>` +
      (reach === undefined
        ? ''
        : `<line x1="${x(reach)}" x2="${x(reach)}" y1="${y - 8}" y2="${y + 8}" stroke="#0969da" stroke-width="2"/>`) +
      `<line x1="${x(entry.min)}" x2="${x(entry.max)}" y1="${y}" y2="${y}" stroke="${color}" stroke-width="2"/>` +
      `<circle cx="${x(entry.median)}" cy="${y}" r="4" fill="${color}"/>`
    );
  });
  return svg(height, title, [...axis, ...rows]);
}

/** Cost over size, both axes logarithmic: a line that rises by one in one is linear. */
export function growthPlot({ title, x: xName, y: yName, points }) {
  const height = 280;
  const bottom = height - 40;
  const xs = points.map(([size]) => size);
  const ys = points.map(([, cost]) => cost);
  const x = scale(xs, 80, width - right);
  const y = scale(ys, bottom, top);
  const dots = points.map(
    ([size, cost]) =>
      `<circle cx="${x(size)}" cy="${y(cost)}" r="4" fill="#0969da"/>` +
      `<text x="${x(size)}" y="${y(cost) - 8}" text-anchor="middle">${figure(cost)} ${yName}</text>` +
      `<text x="${x(size)}" y="${bottom + 18}" text-anchor="middle">${size.toLocaleString('en-US')}</text>`,
  );
  const line = `<polyline fill="none" stroke="#0969da" points="${points.map(([size, cost]) => `${x(size)},${y(cost)}`).join(' ')}"/>`;
  const name = `<text x="${(80 + width) / 2}" y="${height - 6}" text-anchor="middle">${escape(xName)}</text>`;
  return svg(height, title, [line, ...dots, name]);
}

function scale(values, low, high) {
  const [from, to] = [Math.min(...values) / 1.2, Math.max(...values, 2 * Math.min(...values)) * 1.2];
  return (value) => low + (Math.log(value / from) / Math.log(to / from)) * (high - low);
}

function svg(height, title, parts) {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="11" fill="#24292f">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="12" y="22" font-size="14" font-weight="bold">${escape(title)}</text>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}
