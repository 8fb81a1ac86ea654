import { generateSigningKey, type SigningKey } from '../issuing/keys.js';

let key: Promise<SigningKey> | null = null;

/** The vendor key of all test licenses: RSA 2048, made when the first app needs it (50 to 350 ms), then shared. */
export function sharedVendorKey(): Promise<SigningKey> {
  key ??= generateSigningKey(2048);
  return key;
}
