#!/usr/bin/env node
// A committed file, so that npm can link the command before anything is built.
import { existsSync } from 'node:fs';

const program = new URL('../../../dist/apps/cli/main.js', import.meta.url);
if (existsSync(program)) {
  await import(program.href);
} else {
  console.error('latchkey is not built yet: run "npm run build" first');
  process.exitCode = 2;
}
