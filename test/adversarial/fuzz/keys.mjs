// Key material as an operator, an editor or an attacker with the environment writes it.
import fc from 'fast-check';

import { generateEncryptionKey } from '@latchkey/license/issuing';
import { parseEncryptionKeys, TrustedKeyRing } from '@latchkey/license/protocol';

import { changeCompact, steps } from './change-compact.mjs';
import { changeJson } from './change-json.mjs';
import { attempt, Breach } from './oracle.mjs';

const pick = (list, index) => list[index % list.length];
const index = fc.noBias(fc.nat(9_999));

/** Changes that know JSON for texts that are JSON, else changes of parts and characters. */
const change = (text, program, others) =>
  program.reduce(
    (changed, step) =>
      changed.startsWith('{') && step[1] % 5 !== 0
        ? changeJson(changed, step[0], step[1], step[2], others)
        : changeCompact(changed, [step], others),
    text,
  );

const keysOf = (texts) =>
  fc.tuple(index, steps).map(([base, program]) => change(pick(texts, base), program, texts));

export const publicKeys = (corpus) => ({
  name: 'public keys',
  share: 5,
  input: keysOf([JSON.stringify(corpus.jwks), ...corpus.jwks.keys.map((jwk) => JSON.stringify(jwk))]),
  judge(text) {
    const { value: ring, code } = attempt(() => TrustedKeyRing.from(text), text);
    if (ring === undefined) return code;
    for (const kid of ring.kids) assertVendorKey(ring.find(kid));
    return `${ring.kids.length} keys`;
  },
});

function assertVendorKey(trusted) {
  const { modulusLength = 0, publicExponent } = trusted?.key.asymmetricKeyDetails ?? {};
  if (trusted?.key.type !== 'public' || trusted.key.asymmetricKeyType !== 'rsa')
    throw new Breach('took another key');
  if (modulusLength < 2048 || modulusLength > 8192 || publicExponent !== 65537n)
    throw new Breach('took a weak key');
  if (trusted.alg !== 'PS256' && trusted.alg !== 'RS256') throw new Breach('took another algorithm');
}

export const encryptionKeys = () => {
  const [first, second] = [generateEncryptionKey('first'), generateEncryptionKey('second')];
  const secret = first.split(':')[1];
  const asHex = Buffer.from(secret, 'base64url').toString('hex');
  const secrets = [secret.slice(0, 16), asHex.slice(0, 16)];
  const texts = [
    first,
    secret,
    `${first},${second}`,
    `first:${asHex}`,
    JSON.stringify({ keys: [{ kty: 'oct', kid: 'first', k: secret }] }),
    JSON.stringify({ kty: 'oct', k: secret }),
  ];
  return {
    name: 'encryption keys',
    share: 5,
    input: keysOf(texts),
    judge(text) {
      const { value: ring, code } = attempt(() => parseEncryptionKeys(text), text, secrets);
      if (ring === undefined) return code;
      for (const kid of ring.kids) {
        if (ring.find(kid)?.symmetricKeySize !== 32) throw new Breach('took a key of another length');
      }
      return `${ring.kids.length} keys`;
    },
  };
};
