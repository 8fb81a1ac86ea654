import { connect } from 'nats';

import { parseEncryptionKeys, sealLicense, sealedMessage } from '@latchkey/license/protocol';
import { TestIssuer } from '@latchkey/license/testing';

const secondsInDay = 24 * 60 * 60;

/** An insider: knows the encryption key and every old license, and has a vendor's key that nobody trusts. */
export class Forger {
  #forgeries;

  /** @param {import('./vendor.mjs').Vendor} vendor @param {string} encryptionKeys */
  static async open(vendor, encryptionKeys) {
    const forger = new Forger();
    const ring = parseEncryptionKeys(encryptionKeys);
    const stranger = await TestIssuer.create('agent-os');
    const seal = (license) => {
      const sealed = sealLicense({ sealedAtMs: Date.now(), server: 'forger', license }, ring);
      return JSON.stringify({ pattern: 'license.key', data: sealedMessage(sealed) });
    };
    const nowS = Math.floor(Date.now() / 1000);
    const ended = { serial: 10 ** 9, iat: nowS - 2 * secondsInDay, exp: nowS - secondsInDay };
    const { issuer } = vendor;
    forger.#forgeries = {
      'a license signed by a stranger': () => seal(stranger.issue({ serial: 10 ** 9, edition: 'flagship' })),
      'the newest license': () => seal(vendor.newest.jws),
      'the first license of all': () => seal([...vendor.issued.values()][0].jws),
      'a license that was altered': () => seal(alter(vendor.newest.jws)),
      'a license that has ended': () => seal(issuer.issue(ended)),
      'a license for another product': () => seal(issuer.issue({ serial: 10 ** 9, aud: 'another' })),
      'no license': () => seal(null),
      garbage: () => `garbage ${Math.random()}`,
      'too much': () => JSON.stringify({ pattern: 'license.key', data: 'x'.repeat(100_000) }),
    };
    return forger;
  }

  /** What it can put on the bus. */
  get choices() {
    return Object.keys(this.#forgeries);
  }

  /** The bytes to put on the subject of broadcasts. */
  make(choice) {
    return this.#forgeries[choice]();
  }

  /** Broadcasts all of it, where a broker lets it in. @returns {Promise<boolean>} whether one did */
  async strike(url) {
    try {
      const connection = await connect({ servers: url, reconnect: false, timeout: 1_000 });
      for (const choice of this.choices) connection.publish('license.key', this.make(choice));
      await connection.close();
      return true;
    } catch {
      return false; // the broker is down, frozen or wants a password
    }
  }
}

/** The same signature under greater claims. */
function alter(jws) {
  const [header, payload, signature] = jws.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const greater = JSON.stringify({ ...claims, serial: 10 ** 9, edition: 'flagship' });
  return [header, Buffer.from(greater).toString('base64url'), signature].join('.');
}
