import { constants, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { exportSigningKey, type LicenseClaims } from '@latchkey/license/issuing';
import { formatLicenseText, parseLicenseText } from '@latchkey/license/protocol';
import { TestIssuer } from '@latchkey/license/testing';

import { Terminal } from './terminal.js';

/** A terminal and a directory of its own, with the public keys of a vendor in it. */
export class Workbench {
  readonly terminal = new Terminal();
  /** The vendor's JWK Set. */
  readonly keys: string;
  readonly #directory = mkdtempSync(join(tmpdir(), 'latchkey-cli-'));

  constructor(readonly issuer: TestIssuer) {
    this.keys = this.file('vendor.public.jwks.json', JSON.stringify(issuer.trustedKeys));
  }

  static async create(): Promise<Workbench> {
    return new Workbench(await Workbench.issuer());
  }

  /** A vendor whose licenses are counted from the clock that a terminal starts with. */
  static issuer(): Promise<TestIssuer> {
    return TestIssuer.create('agent-os', new Terminal().clock);
  }

  remove(): void {
    rmSync(this.#directory, { recursive: true });
  }

  /** The path of a file in the directory, which may not exist yet. */
  path(name: string): string {
    return join(this.#directory, name);
  }

  /** Writes a file and gives its path. */
  file(name: string, content: string): string {
    writeFileSync(this.path(name), content);
    return this.path(name);
  }

  /** Writes a license of the vendor and gives its path. */
  license(changes: Partial<LicenseClaims> = {}): string {
    return this.file('some.lic', formatLicenseText(this.issuer.issue(changes)));
  }

  /** A license over any text as its claims, signed by the vendor: what `signLicense` would not sign. */
  signed(claims: string): string {
    const { kid, alg, privateKey } = this.issuer.key;
    const text = [JSON.stringify({ alg, kid, typ: 'license+jwt' }), claims]
      .map((part) => Buffer.from(part).toString('base64url'))
      .join('.');
    const padding = constants.RSA_PKCS1_PSS_PADDING;
    const signature = sign('sha256', Buffer.from(text), { key: privateKey, padding, saltLength: 32 });
    return `${text}.${signature.toString('base64url')}`;
  }

  /** Runs `latchkey issue` with the vendor's key and nothing else given; it writes `license.lic`. */
  issueBare(...options: string[]): Promise<number> {
    const key = this.file('vendor.private.pem', exportSigningKey(this.issuer.key));
    return this.terminal.run('issue', '--key', key, '--out', this.path('license.lic'), ...options);
  }

  /** Runs `latchkey issue` with all that is required but an end. */
  issue(...options: string[]): Promise<number> {
    const who = ['--customer', 'acme', '--product', 'agent-os', '--edition', 'enterprise'];
    return this.issueBare(...who, ...options);
  }

  /** The license that was issued, a compact JWS. */
  issuedText(): string {
    return parseLicenseText(readFileSync(this.path('license.lic'), 'utf8'));
  }

  /** Its claims, as they stand in it. */
  issuedClaims(): Record<string, unknown> {
    const payload = Buffer.from(this.issuedText().split('.')[1] ?? '', 'base64url').toString();
    return JSON.parse(payload) as Record<string, unknown>;
  }
}
