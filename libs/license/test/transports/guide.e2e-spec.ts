import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { errorShapes, type ErrorShape } from './error-shapes.js';
import { refusalBodies } from './refusal-bodies.js';

const guide = join(import.meta.dirname, '../../../../docs/guides/transports.md');

/** Of what a client sees, what the guide prints: not the status, which it has in words. */
function printed(shape: ErrorShape): unknown {
  const seen = shape.refused(refusalBodies.absent, 'enterprise') as Record<string, unknown>;
  return seen['body'] ?? seen['error'] ?? seen;
}

it('the guide prints the responses that the clients saw', async () => {
  const blocks = (await readFile(guide, 'utf8')).matchAll(/^```json\n(.*?)^```/gms);
  const { http, graphql, socketIo, ws, rpc } = errorShapes;
  expect([...blocks].map(([, json = '']) => JSON.parse(json) as unknown)).toEqual(
    [http, graphql, socketIo, ws, rpc].map(printed),
  );
});
