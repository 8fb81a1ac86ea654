// Loads every entry point of the installed package with import and with require, and compares what it got.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
for (const name of ['', '/protocol', '/issuing', '/testing']) {
  const imported = await import(`@latchkey/license${name}`);
  const required = require(`@latchkey/license${name}`);
  for (const [key, value] of Object.entries(imported)) {
    if (required[key] !== value) throw new Error(`@latchkey/license${name}: two copies of ${key}`);
  }
}
console.log('one copy');
