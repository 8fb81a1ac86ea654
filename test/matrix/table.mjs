/** What became of one consumer on one Node. */
export class Cell {
  hasFailed = false;

  /**
   * @param {import('../../scripts/demo/claims.mjs').Claims} claims
   * @param {{ title: string, slug: string, node: import('./nodes.mjs').Node, program: string }} what
   */
  constructor(claims, { title, slug, node, program }) {
    this.claims = claims;
    this.title = title;
    this.slug = slug;
    this.node = node;
    this.program = program;
  }

  /** Checks one claim about it. The claims of a matrix are checked one after the other. */
  async claim(title, prove) {
    const before = this.claims.failed;
    await this.claims.claim(`${this.title}, Node ${this.node.version}: ${title}`, prove);
    if (this.claims.failed > before) this.hasFailed = true;
  }

  get mark() {
    if (this.node.program === null) return 'skipped';
    return this.hasFailed ? '✗' : '✓';
  }
}

/**
 * The matrix as a table for docs/compatibility.md.
 *
 * @param {Cell[]} cells
 */
export function tableOf(cells) {
  const versions = [...new Set(cells.map(({ node }) => node.version))];
  const titles = [...new Set(cells.map(({ title }) => title))];
  const find = (title, version) =>
    cells.find((cell) => cell.title === title && cell.node.version === version);
  const rows = [
    ['', ...versions.map((version) => `Node ${version}`)],
    ...titles.map((title) => [title, ...versions.map((version) => find(title, version)?.mark ?? '')]),
  ];
  const widths = rows[0].map((_, column) => Math.max(3, ...rows.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((text, column) => text.padEnd(widths[column])).join(' | ')} |`;
  const [head, ...body] = rows.map(line);
  return [head, line(widths.map((width) => '-'.repeat(width))), ...body].join('\n');
}
