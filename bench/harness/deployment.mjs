import { randomBytes } from 'node:crypto';

import { generateSigningKey, publicJwk, signLicense } from '@latchkey/license/issuing';
import { parseEncryptionKeys, sealLicense, TrustedKeyRing } from '@latchkey/license/protocol';

const daySeconds = 24 * 60 * 60;

/** One vendor and one customer: a signing key, an encryption key, licenses of an ordinary size. */
export class Deployment {
  #serial = 0;

  static async create({ bits = 3072, features = 12 } = {}) {
    const deployment = new Deployment();
    deployment.key = await generateSigningKey(bits);
    deployment.publicKeys = { keys: [publicJwk(deployment.key)] };
    deployment.trustedKeys = TrustedKeyRing.from(deployment.publicKeys);
    deployment.secret = randomBytes(32);
    deployment.encryptionKeys = `bench:${deployment.secret.toString('base64url')}`;
    deployment.ring = parseEncryptionKeys(deployment.encryptionKeys);
    deployment.features = Object.fromEntries(
      Array.from({ length: features }, (_, i) => [`feature-${i}`, true]),
    );
    return deployment;
  }

  /** The next license: enterprise, for a year. */
  issue() {
    this.#serial += 1;
    const nowS = Math.floor(Date.now() / 1000);
    const claims = {
      v: 1,
      iss: 'bench-vendor',
      sub: 'customer-1',
      customer: { name: 'Bench Customer' },
      aud: 'agent-os',
      jti: `license-${this.#serial}`,
      serial: this.#serial,
      iat: nowS,
      exp: nowS + 365 * daySeconds,
      license_expires: nowS + 351 * daySeconds,
      edition: 'enterprise',
      features: this.features,
      limits: { apps: 100, users: 5000, instances: 10_000 },
    };
    return signLicense(claims, this.key);
  }

  seal(license) {
    return sealLicense({ sealedAtMs: Date.now(), server: 'license-server-1', license }, this.ring);
  }

  /** Of a broadcast, as Nest sends it. */
  packet(license) {
    return JSON.stringify({ pattern: 'license.key', data: { v: 1, sealed: this.seal(license) } });
  }
}
