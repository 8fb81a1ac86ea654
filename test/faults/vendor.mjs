import { generateEncryptionKey } from '@latchkey/license/issuing';
import { parseEncryptionKeys, TrustedKeyRing } from '@latchkey/license/protocol';
import { TestIssuer } from '@latchkey/license/testing';

/** A vendor, and the encryption key of one deployment. */
export async function createVendor() {
  const issuer = await TestIssuer.create();
  const encryptionKeys = generateEncryptionKey('first');
  return {
    issuer,
    keys: TrustedKeyRing.from(issuer.trustedKeys),
    ring: parseEncryptionKeys(encryptionKeys),
    /** What a service of this deployment has in its environment. */
    variables: { VENDOR_JWKS: JSON.stringify(issuer.trustedKeys), ENCRYPTION_KEYS: encryptionKeys },
  };
}
