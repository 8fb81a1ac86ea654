// A vendor key that is brought in, and one that is retired: which of their licenses stand.
import { aLicense, day, signed, today } from './documents.mjs';

const from = today - 10 * day;
const to = today + 10 * day;

export function addKeyWindows(file, { present }) {
  addWindow(
    file,
    present,
    'a key with "nbf" and "exp"',
    { nbf: from, exp: to },
    [from, to - 1],
    [from - 1, to],
  );
  addWindow(file, present, 'a key with "nbf"', { nbf: from }, [from], [from - 1]);
  addWindow(file, present, 'a key with "exp"', { exp: to }, [to - 1], [to]);
}

function addWindow(file, key, comment, window, inService, outOfService) {
  const trustedKeys = { keys: [{ ...key.jwk, ...window }] };
  const group = file.group({ type: 'SignedLicense', comment, trustedKeys });
  for (const iat of inService) {
    const claims = aLicense({ iat });
    group.valid(`issued at ${iso(iat)}`, ['KeyWindow'], { jws: signed(key, claims), claims });
  }
  for (const iat of outOfService) {
    group.invalid(`issued at ${iso(iat)}`, ['KeyWindow', 'ProtocolRule'], 'KEY_NOT_IN_SERVICE', {
      jws: signed(key, aLicense({ iat })),
    });
  }
}

const iso = (seconds) => new Date(seconds * 1000).toISOString();
