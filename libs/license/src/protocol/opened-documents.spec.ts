import { jest } from '@jest/globals';

import { generateEncryptionKey } from '../issuing/keys.js';
import { codeOf } from '../testing/throws-with-code.js';
import { bounds } from './bounds.js';
import { parseEncryptionKeys } from './encryption-keys.js';
import { openKeyFile, openSealedLicense, sealKeyFile, sealLicense } from './sealed-license.js';

const lastMs = bounds.lastSecond * 1000;

describe('what was sealed', () => {
  const ring = parseEncryptionKeys(generateEncryptionKey('k'));

  it('comes back with the members it had and no others, up to the last second of the year 9999', () => {
    const envelope = { sealedAtMs: lastMs, server: 's', license: 'a.b.c' };
    expect(openSealedLicense(sealLicense(envelope, ring), ring)).toStrictEqual(envelope);
    const content = { license: 'a.b.c', timeFloorMs: lastMs };
    expect(openKeyFile(sealKeyFile(content, ring), ring).content).toStrictEqual(content);
    const later = { ...envelope, sealedAtMs: lastMs + 1000 };
    expect(codeOf(() => openSealedLicense(sealLicense(later, ring), ring))).toBe('MALFORMED');
  });

  it('may fill its limit to the byte, and not go one byte beyond', () => {
    // Base64url has no length of 4n + 1, so the limit is hit exactly only under some key ids.
    const sizes = ['k', 'kk', 'kkk'].flatMap((kid) => {
      const named = parseEncryptionKeys(generateEncryptionKey(kid));
      const sealed = (length: number): string =>
        sealLicense({ sealedAtMs: 0, server: 's', license: 'x'.repeat(length) }, named);
      const room = Math.floor(((bounds.envelope - sealed(0).length) / 4) * 3);
      return [room - 1, room, room + 1].map((length) => {
        let size = 0;
        const code = codeOf(() => (size = sealed(length).length));
        return code ?? size;
      });
    });
    expect(sizes).toContain(bounds.envelope);
    expect(sizes).toContain('TOO_LARGE');
  });

  it('does not stay in memory as bytes once it was read, whether it could be read or not', () => {
    const wiped: Buffer[] = [];
    const { fill } = Buffer.prototype;
    const spy = jest.spyOn(Buffer.prototype, 'fill').mockImplementation(function wipe(this: Buffer, ...args) {
      wiped.push(this);
      return fill.apply(this, args);
    });
    try {
      const sealed = sealLicense({ sealedAtMs: 0, server: 's', license: 'secret'.repeat(100) }, ring);
      const parts = sealed.split('.');
      const bodyLength = Buffer.from(parts[3] ?? '', 'base64url').length;
      openSealedLicense(sealed, ring);
      expect(codeOf(() => openKeyFile(sealed, ring))).toBe('TYPE_REFUSED');
      const forged = [...parts.slice(0, 4), 'A'.repeat(22)].join('.');
      expect(codeOf(() => openSealedLicense(forged, ring))).toBe('SEAL_NOT_OPENED');
      expect(wiped.map(({ length }) => length)).toEqual([bodyLength, bodyLength]);
      expect(wiped.every((bytes) => bytes.every((byte) => byte === 0))).toBe(true);
    } finally {
      spy.mockRestore();
    }
  });
});
