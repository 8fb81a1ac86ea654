import { systemClock } from '@latchkey/license/protocol';

import { run } from './run.js';

// Without a listener, a reader that stops early (latchkey ... | head -1) or a full disk ends in a stack trace.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE')
    process.stderr.write(`latchkey: the output cannot be written (${error.code})\n`);
  process.exit(1);
});

process.exitCode = await run(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  env: process.env,
  clock: systemClock,
});
