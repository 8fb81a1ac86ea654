import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = fileURLToPath(new URL('./vendor.public.jwks.json', import.meta.url));

if (!existsSync(path)) {
  throw new Error(
    `the vendor's public keys are missing: expected ${path}. "npx latchkey keygen --out keys" makes them ` +
      '(keys/vendor.public.jwks.json); copy them there. "npm run demo" does all that by itself.',
  );
}

/**
 * The vendor's public keys (a JWK Set): whoever signs with them is believed. They ship with the program and do not
 * come from the environment, because whoever sets a service's environment could then issue licenses.
 */
export const vendorKeys: string = readFileSync(path, 'utf8');
