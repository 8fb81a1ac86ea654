// npm run demo: the whole promise with real processes, a real nats-server, real keys and real files, one line per
// claim with its evidence. Ends with 1 when a claim fails. "npm run demo -- --keep" leaves everything running.
import { parseArgs } from 'node:util';

import { ensureBuilt, ensureDependencies, ensureNatsServer, SetUpError } from './set-up.mjs';

try {
  const { keep } = parseArgs({ options: { keep: { type: 'boolean', default: false } } }).values;
  ensureDependencies();
  const natsServer = ensureNatsServer();
  ensureBuilt();
  // Only now: it needs the packages.
  const { runDemo } = await import('./demo/run.mjs');
  process.exitCode = await runDemo(natsServer, { keep });
} catch (error) {
  if (!(error instanceof SetUpError) && error.code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION') throw error;
  console.error(error.message);
  process.exitCode = 2;
}
