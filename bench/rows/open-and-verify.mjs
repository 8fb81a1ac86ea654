// Opening a sealed license and verifying the signature in it, beside the same without a parser and beside jose.
import { createDecipheriv, verify } from 'node:crypto';

import { openSealedLicense, verifySignedLicense } from '@latchkey/license/protocol';

import { alternate } from '../harness/alternate.mjs';
import { bareOpenAndVerify, pss } from '../harness/bare-crypto.mjs';
import { Deployment } from '../harness/deployment.mjs';
import { timed, timedAsync } from '../harness/loops.mjs';
import { loadPeer } from '../harness/peers.mjs';
import { Result } from '../harness/result.mjs';

const perMicrosecond = (samples) =>
  Object.fromEntries(
    Object.entries(samples).map(([label, values]) => [label, values.map((ns) => ns / 1000)]),
  );

export async function run({ quick, rounds }) {
  const result = new Result('open-and-verify', 'Open and verify one license', 'µs');
  const jose = await loadPeer('jose');
  if (jose.version === null) result.missing(jose);
  for (const bits of [2048, 3072]) {
    const deployment = await Deployment.create({ bits });
    const sealed = deployment.seal(deployment.issue());
    const times = quick ? 40 : 200;
    const label = (what) => `RSA-${bits}: ${what}`;
    const { ring, trustedKeys } = deployment;
    const variants = {
      [label('the two calls of node:crypto')]: timed(cryptographyOf(deployment, sealed), times),
      [label('bare node:crypto')]: timed(() => bareOpenAndVerify(deployment, sealed).serial === 1, times),
      [label('latchkey')]: timed(
        () => verifySignedLicense(openSealedLicense(sealed, ring).license, trustedKeys).license.serial === 1,
        times,
      ),
    };
    if (jose.version !== null) {
      variants[label(`jose ${jose.version}`)] = timedAsync(
        await withJose(jose.module, deployment, sealed),
        times,
      );
    }
    const samples = perMicrosecond(await alternate(variants, { rounds, warmUp: 3, slices: 15 }));
    const [cryptography, bareLabel, latchkey, joseLabel] = Object.keys(variants);
    result.measure(samples);
    result.compare(label('latchkey / bare'), samples[latchkey], samples[bareLabel], { atMost: 1.4 });
    result.compare(label('latchkey / the two calls'), samples[latchkey], samples[cryptography]);
    if (joseLabel !== undefined) {
      result.compare(label('jose / latchkey'), samples[joseLabel], samples[latchkey], { atLeast: 5 });
    }
  }
  result.note(
    'bare node:crypto: split, decode, decrypt, verify and JSON.parse, and not one check of what comes in',
  );
  result.note('the two calls: decipher and verify alone, with everything decoded beforehand');
  return result;
}

function cryptographyOf({ ring, trustedKeys }, sealed) {
  const [header, , iv, body, tag] = sealed
    .split('.')
    .map((part, i) => Buffer.from(part, i === 0 ? 'ascii' : 'base64url'));
  const aes = ring.first.key;
  const { key } = trustedKeys.find(trustedKeys.kids[0]);
  const { license } = openSealedLicense(sealed, ring);
  const end = license.lastIndexOf('.');
  const [signed, signature] = [
    Buffer.from(license.slice(0, end)),
    Buffer.from(license.slice(end + 1), 'base64url'),
  ];
  return () => {
    const decipher = createDecipheriv('aes-256-gcm', aes, iv, { authTagLength: 16 })
      .setAAD(header)
      .setAuthTag(tag);
    decipher.update(body);
    decipher.final();
    return verify('sha256', signed, { key, ...pss }, signature);
  };
}

/** As its documentation does it, keys imported beforehand, algorithms listed. */
async function withJose({ compactDecrypt, importJWK, jwtVerify }, { secret, publicKeys }, sealed) {
  const publicKey = await importJWK(publicKeys.keys[0], 'PS256');
  const text = new TextDecoder();
  const allowed = { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] };
  return async () => {
    const { plaintext } = await compactDecrypt(sealed, secret, allowed);
    const { license } = JSON.parse(text.decode(plaintext));
    const { payload } = await jwtVerify(license, publicKey, { algorithms: ['PS256'], typ: 'license+jwt' });
    return payload.serial === 1;
  };
}
