import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { repository } from '../../scripts/set-up.mjs';

/**
 * A code block of a guide, so that what runs here is what people copy.
 *
 * @param {string} name of the file in docs/guides
 * @param {string} mark what no other block in it holds
 * @returns {string}
 */
export function codeBlockOf(name, mark) {
  const guide = readFileSync(join(repository, 'docs', 'guides', name), 'utf8');
  const blocks = [...guide.matchAll(/^```js\n([^]*?)^```$/gm)].map(([, text]) => text);
  const found = blocks.filter((text) => text.includes(mark));
  if (found.length !== 1) {
    throw new Error(`docs/guides/${name}: expected one js block with ${mark}, found ${found.length}`);
  }
  return found[0];
}
