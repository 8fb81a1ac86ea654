// The life of an instance: genuine and forged offers, revocations, clocks that are turned, restarts from the key file,
// in any order. What is in force is only ever lowered by the vendor's own later word, or by its own end.
import fc from 'fast-check';

import {
  acceptLicense,
  acceptNext,
  openKeyFile,
  sealKeyFile,
  standingOf,
  TrustedState,
} from '@latchkey/license/protocol';
import { ManualClock } from '@latchkey/license/testing';

import { changeCompact, steps } from './change-compact.mjs';
import { startMs } from './corpus.mjs';
import { assertSound, attempt, Breach, policyOf, trustOf } from './oracle.mjs';

const hourMs = 60 * 60 * 1000;
const origins = ['file', 'environment', 'reply', 'broadcast', 'retained'];
const pick = (list, index) => list[index % list.length];
const index = fc.noBias(fc.nat(999));

const event = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('genuine'), license: index, list: index }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('forged'), license: index, list: index, steps }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('time'), hours: fc.nat(9_000) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('clock'), hours: fc.integer({ min: -90_000, max: 90_000 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart') }) },
);

export const lives = (corpus) => ({
  name: 'lives of an instance',
  share: 10,
  input: fc.array(event, { minLength: 1, maxLength: 8 }),
  judge(events) {
    const life = new Life(corpus);
    return events.map((one) => life[one.kind](one)).join(' ');
  },
});

class Life {
  #clock = new ManualClock(startMs);
  #state = new TrustedState(this.#clock);

  constructor(corpus) {
    this.corpus = corpus;
    this.policy = policyOf(corpus);
  }

  genuine({ license, list }) {
    const { genuine, revocations } = this.corpus;
    const revocation = list % 4 === 0 ? pick(revocations, list >> 2).jws : undefined;
    return this.#offer(pick(genuine, license).jws, revocation, license);
  }

  forged({ license, list, steps: program }) {
    const { forged, revocations, signedTexts, licenseByText, revocationByText } = this.corpus;
    const jws = changeCompact(pick(signedTexts, license), program, signedTexts);
    const revocation =
      list % 2 === 0 ? changeCompact(pick(revocations, list).jws, program, signedTexts) : undefined;
    const isForged = !licenseByText.has(jws) && !revocationByText.has(revocation);
    const before = trustOf(this.#state);
    const outcome = this.#offer(
      isForged ? jws : pick(forged, list).jws,
      isForged ? revocation : undefined,
      list,
    );
    if (trustOf(this.#state) !== before) throw new Breach('a forged document changed what is trusted');
    return outcome;
  }

  time({ hours }) {
    this.#clock.advance(hours * hourMs);
    const { value } = attempt(() => acceptNext(this.#state, this.policy, 'file'), '');
    assertSound(this.#state, this.corpus);
    return value?.verdict.outcome ?? 'time';
  }

  clock({ hours }) {
    this.#clock.setWall(this.#clock.wallMs() + hours * hourMs);
    assertSound(this.#state, this.corpus);
    return 'clock';
  }

  /** As an instance does it: what is trusted goes through the key file and is judged anew. */
  restart() {
    const { current, next, revocation, floor } = this.#state;
    const wasDue = this.#isDue(this.#state);
    const sealed = sealKeyFile(
      {
        license: current?.signed.jws ?? null,
        timeFloorMs: floor.valueMs,
        ...(next === null ? {} : { next: next.jws }),
        ...(revocation === null ? {} : { revocation: revocation.jws }),
      },
      this.corpus.ring,
    );
    const { content } = openKeyFile(sealed, this.corpus.ring);
    this.#state = new TrustedState(this.#clock);
    this.#state.floor.raise(content.timeFloorMs);
    for (const license of [content.license, content.next ?? null]) {
      const list = content.revocation === undefined ? {} : { revocation: content.revocation };
      acceptLicense({ origin: 'file', license, ...list }, this.#state, this.policy);
    }
    assertSound(this.#state, this.corpus);
    if (wasDue && !this.#state.isActive()) throw new Breach('a restart cost the license');
    return `restart ${this.#state.isActive()}`;
  }

  /** In force, and at this moment within its dates: not one whose end the minute's check has yet to notice. */
  #isDue(state) {
    if (!state.isActive()) return false;
    const standing = standingOf(state.current.signed.license, state.floor.nowMs());
    return standing === 'active' || standing === 'grace';
  }

  #offer(license, revocation, origin) {
    const state = this.#state;
    const held = this.#isDue(state) ? state.current.signed.license : null;
    const offer = {
      origin: pick(origins, origin),
      license,
      ...(revocation === undefined ? {} : { revocation }),
    };
    const { value } = attempt(() => acceptLicense(offer, state, this.policy), license);
    assertSound(state, this.corpus);
    if (held !== null && !state.isRevoked(held)) this.#assertNotLowered(held);
    return `${value?.verdict.outcome} ${value?.verdict.error?.code} ${value?.revocationError?.code} ${state.isActive()}`;
  }

  #assertNotLowered(held) {
    if (!this.#state.isActive()) throw new Breach('an offer ended a license in force');
    const { license } = this.#state.current.signed;
    const comparable = license.issuer === held.issuer && license.product === held.product;
    if (comparable && license.serial < held.serial)
      throw new Breach('an offer brought an older license back');
  }
}
