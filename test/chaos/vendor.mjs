import { TestIssuer } from '@latchkey/license/testing';

/** The vendor, who remembers what was issued to this deployment. */
export class Vendor {
  /** What an instance may believe: the licenses by their serials. */
  issued = new Map();

  static async open() {
    const vendor = new Vendor();
    vendor.issuer = await TestIssuer.create('agent-os');
    vendor.issue();
    return vendor;
  }

  get newest() {
    return [...this.issued.values()].at(-1);
  }

  /** Issues the next license: an enterprise license of a year. */
  issue() {
    const claims = { serial: (this.newest?.serial ?? 0) + 10 };
    const jws = this.issuer.issue(claims);
    const endsAtMs = Date.now() + 364 * 24 * 60 * 60 * 1000;
    const license = { ...claims, jws, edition: 'enterprise', endsAtMs };
    this.issued.set(license.serial, license);
    return license;
  }
}
