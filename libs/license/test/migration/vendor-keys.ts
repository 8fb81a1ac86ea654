import { generateSigningKey, publicJwk } from '@latchkey/license/issuing';

/** What `latchkey keygen` wrote, made anew for each run. The test takes its licenses from a vendor of its own. */
export const vendorKeys = JSON.stringify({ keys: [publicJwk(await generateSigningKey(2048))] });
