import { statSync } from 'node:fs';

import {
  LicenseError,
  parseLicenseText,
  readTextFile,
  verifySignedLicense,
  type SignedLicense,
  type TrustedKeyRing,
} from '@latchkey/license/protocol';

/** Where the license is: a file that may change at any time, or its text. */
export type LicenseSource = { readonly path: string } | { readonly text: string };

/** The license file of this deployment. Nothing that comes out of it is unverified. */
export class LicenseFile {
  #warned = '';

  /**
   * @param product the only product whose license is accepted; undefined: any product of a trusted key
   * @param warn told, once, that every user of the machine may change the file
   */
  constructor(
    private readonly source: LicenseSource,
    private readonly keys: TrustedKeyRing,
    private readonly product: string | undefined,
    private readonly warn: (message: string) => void,
  ) {}

  /**
   * Another text as soon as the file may hold something else: written in place, replaced by rename, or reached
   * through another link. Costs one `stat` and never waits, whatever is at the path.
   */
  fingerprint(): string {
    if ('text' in this.source) return 'text';
    try {
      const { dev, ino, size, mode, mtimeNs, ctimeNs } = statSync(this.source.path, { bigint: true });
      return [dev, ino, size, mode, mtimeNs, ctimeNs].join();
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? 'unknown error';
    }
  }

  /**
   * Reads and verifies the license. Its dates are not judged: the instances do that.
   *
   * @throws {FILE_ABSENT | FILE_REFUSED | FILE_UNREADABLE} no file, not a regular file, too large, or not readable
   * @throws {PRODUCT_MISMATCH} a license for another product
   * @throws as `parseLicenseText` and `verifySignedLicense` do
   */
  read(): SignedLicense {
    const signed = verifySignedLicense(parseLicenseText(this.#text()), this.keys);
    if (this.product !== undefined && signed.license.product !== this.product) {
      throw new LicenseError(
        'PRODUCT_MISMATCH',
        `license: expected the product "${this.product}" of LICENSE_PRODUCT, found a license for "${signed.license.product}"`,
      );
    }
    return signed;
  }

  #text(): string {
    if ('text' in this.source) return this.source.text;
    return readTextFile(this.source.path, 'license file', (message) => {
      if (message !== this.#warned) this.warn(message);
      this.#warned = message;
    });
  }
}
