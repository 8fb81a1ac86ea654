// Messages on the bus: packets as an outsider forges them, and contents that a compromised instance seals with the
// deployment's own key. Each is judged by an instance that holds a license.
import fc from 'fast-check';

import {
  acceptLicense,
  openAndAccept,
  openKeyFile,
  parseBroadcast,
  parseReply,
  sealedMessage,
  TrustedState,
} from '@latchkey/license/protocol';
import { ManualClock } from '@latchkey/license/testing';

import { changeCompact, steps } from './change-compact.mjs';
import { changeJson } from './change-json.mjs';
import { requestId, startMs, subjects } from './corpus.mjs';
import { assertSound, attempt, Breach, policyOf, trustOf } from './oracle.mjs';

const pick = (list, index) => list[index % list.length];
const index = fc.noBias(fc.nat(9_999));

/** An instance with the plain enterprise license of serial 1 in force. */
function licensedInstance(corpus) {
  const state = new TrustedState(new ManualClock(startMs));
  const policy = policyOf(corpus);
  acceptLicense({ origin: 'file', license: corpus.genuine[0].jws }, state, policy);
  if (!state.isActive()) throw new Error('expected the first license of the corpus to be in force');
  return { state, policy };
}

/**
 * Runs what hears a word. The license in force may be revoked by the vendor, or follow a higher serial; nothing else
 * takes it away. (A revoked one may give way to an expired one, which is shown then and no longer in force.)
 */
function hearing(state, corpus, hear) {
  const held = state.isActive() ? state.current?.signed.license : undefined;
  const outcome = hear();
  assertSound(state, corpus);
  if (held !== undefined && !state.isActive() && !state.isRevoked(held)) {
    throw new Breach('a message took the license away');
  }
  return outcome;
}

export const packets = (corpus) => ({
  name: 'packets on the bus',
  share: 15,
  input: fc.tuple(index, steps, steps).map(([base, inner, outer]) => {
    const sealed = changeCompact(pick(corpus.sealedTexts, base), inner, corpus.sealedTexts);
    const message = sealedMessage(sealed);
    const packet =
      base % 2 === 0
        ? { pattern: subjects.key, data: message }
        : { response: message, isDisposed: true, id: requestId };
    const program = base % 3 === 0 ? outer : []; // most arrive as packets, so that what is in them gets read
    return program.reduce(
      (text, [kind, where, what]) => changeJson(text, kind, where, what),
      JSON.stringify(packet),
    );
  }),
  judge(packet) {
    const bytes = Buffer.from(packet);
    const { state, policy } = licensedInstance(corpus);
    const before = trustOf(state);
    const outcomes = [
      ['broadcast', () => parseBroadcast(bytes, subjects)],
      ['reply', () => parseReply(bytes, requestId)],
    ].map(([origin, unpack]) => {
      const sealed = attempt(unpack, packet);
      if (sealed.value === undefined) return sealed.code;
      const { value, code } = hearing(state, corpus, () =>
        attempt(() => openAndAccept(sealed.value, origin, corpus.ring, state, policy), packet),
      );
      const isOurs = corpus.sealedHere.has(sealed.value);
      if (!isOurs && trustOf(state) !== before) throw new Breach('an outsider changed what is trusted');
      return value?.verdict.outcome ?? code;
    });
    return outcomes.join(' ');
  },
});

const kinds = [
  { typ: 'sealed-license+jwe', clock: { iat: startMs / 1000, server: 'server-1' } },
  { typ: 'license-store+jwe', clock: { timeFloor: startMs / 1000 } },
];

/** Holds the encryption key and no vendor's key: seals whatever text it likes under whatever header it likes. */
export const insiders = (corpus) => ({
  name: 'contents sealed by an insider',
  share: 15,
  input: fc
    .tuple(index, index, steps, steps, steps)
    .map(([base, list, jwsSteps, contentSteps, headerSteps]) => {
      const { typ, clock } = pick(kinds, base);
      const license = changeCompact(pick(corpus.signedTexts, base), jwsSteps, corpus.signedTexts);
      const revocation = pick(corpus.signedTexts, list);
      const content = { v: 1, ...clock, license, ...(list % 3 === 0 ? {} : { revocation }) };
      const change = (text, program) =>
        program.reduce(
          (t, [kind, where, what]) => changeJson(t, kind, where, what, corpus.signedTexts),
          text,
        );
      const header = { alg: 'dir', enc: 'A256GCM', kid: '2026-11', typ };
      return {
        typ,
        header: change(JSON.stringify(header), headerSteps.slice(0, base % 4 === 0 ? 1 : 0)),
        content: change(JSON.stringify(content), contentSteps.slice(0, base % 3)),
      };
    }),
  judge({ typ, header, content }) {
    const { state, policy } = licensedInstance(corpus);
    const sealed = corpus.sealRaw(header, content);
    if (typ === 'sealed-license+jwe') {
      const { value, code } = hearing(state, corpus, () =>
        attempt(() => openAndAccept(sealed, 'broadcast', corpus.ring, state, policy), content),
      );
      return value?.verdict.outcome ?? code;
    }
    const file = attempt(() => openKeyFile(sealed, corpus.ring), content);
    if (file.value === undefined) return file.code;
    const { license, next = null, revocation } = file.value.content;
    const outcomes = [license, next].map((jws) => {
      const offer = { origin: 'file', license: jws, ...(revocation === undefined ? {} : { revocation }) };
      const { value, code } = hearing(state, corpus, () =>
        attempt(() => acceptLicense(offer, state, policy), content),
      );
      return value?.verdict.outcome ?? code;
    });
    return outcomes.join(' ');
  },
});
