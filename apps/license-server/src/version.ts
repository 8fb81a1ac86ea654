import { createRequire } from 'node:module';

const manifest = createRequire(import.meta.url)('@latchkey/license/package.json') as { version: string };

/** Version of Latchkey: server and library are released together. */
export const version = manifest.version;
