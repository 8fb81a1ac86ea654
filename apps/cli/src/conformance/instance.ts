import { isDeepStrictEqual } from 'node:util';

import {
  acceptLicense,
  acceptNext,
  EditionLadder,
  LicenseError,
  openAndAccept,
  openKeyFile,
  parseEncryptionKeys,
  TrustedKeyRing,
  TrustedState,
  type Clock,
  type EncryptionKeyRing,
  type Judgement,
  type TrustPolicy,
} from '@latchkey/license/protocol';

import type { DecisionGroup, Step } from './vector-file.js';

const nothingSaid: Judgement = { verdict: { outcome: 'none' }, revocationError: null };

/** An instance that is told the steps of one test. */
export class Instance {
  readonly #clock = new StepClock();
  #state = new TrustedState(this.#clock);
  readonly #policy: TrustPolicy;
  readonly #ring: EncryptionKeyRing | null;
  readonly #documents: Readonly<Record<string, string>>;

  constructor({ policy, trustedKeys, testOnlyEncryptionKeys: keys, documents }: DecisionGroup) {
    const editions = new EditionLadder(policy.editions);
    this.#policy = { ...policy, editions, keys: TrustedKeyRing.from(trustedKeys) };
    this.#ring = keys === undefined ? null : parseEncryptionKeys(JSON.stringify(keys));
    this.#documents = documents;
  }

  /** Takes a step. @returns what came of it otherwise than expected; null when nothing did */
  take(step: Step): string | null {
    this.#clock.reading = step.clock;
    const found: Record<string, unknown> = { ...this.#verdict(step), ...this.#trusted() };
    const problems = [...new Set([...Object.keys(step.expect), ...Object.keys(found)])]
      .filter((name) => !isDeepStrictEqual(found[name], step.expect[name]))
      .map((name) => `${name}: expected ${show(step.expect[name])}, found ${show(found[name])}`);
    return problems.length === 0 ? null : problems.join('; ');
  }

  #verdict(step: Step): object {
    try {
      const { verdict, revocationError } = this.#judge(step);
      return {
        verdict: verdict.outcome,
        ...('error' in verdict ? { code: verdict.error.code } : {}),
        ...(revocationError === null ? {} : { revocationCode: revocationError.code }),
      };
    } catch (error) {
      if (!(error instanceof LicenseError)) throw error;
      return { verdict: 'refused', code: error.code };
    }
  }

  #judge({ offer, sealed, keyFile }: Step): Judgement {
    if (keyFile !== undefined) return this.#start(this.#document(keyFile));
    if (sealed !== undefined) {
      return openAndAccept(
        this.#document(sealed),
        'broadcast',
        this.#encryptionKeys,
        this.#state,
        this.#policy,
      );
    }
    if (offer === undefined) return acceptNext(this.#state, this.#policy, 'broadcast') ?? nothingSaid;
    const { license, revocation } = offer;
    return this.#offer(
      license === null ? null : this.#document(license),
      revocation === undefined ? undefined : this.#document(revocation),
    );
  }

  /** Forgets everything, and starts anew from a key file (protocol section 7). */
  #start(sealed: string): Judgement {
    this.#state = new TrustedState(this.#clock);
    const { license, next, revocation, timeFloorMs } = openKeyFile(sealed, this.#encryptionKeys).content;
    this.#state.floor.raise(timeFloorMs);
    const judgement = this.#offer(license, revocation);
    return next === undefined ? judgement : this.#offer(next, revocation);
  }

  #offer(license: string | null, revocation: string | undefined): Judgement {
    const offer = {
      origin: 'broadcast',
      license,
      ...(revocation === undefined ? {} : { revocation }),
    } as const;
    return acceptLicense(offer, this.#state, this.#policy);
  }

  get #encryptionKeys(): EncryptionKeyRing {
    if (this.#ring !== null) return this.#ring;
    throw new Error('this group has no "testOnlyEncryptionKeys" to open a seal with');
  }

  #document(name: string): string {
    const document = Object.hasOwn(this.#documents, name) ? this.#documents[name] : undefined;
    if (document !== undefined) return document;
    throw new Error(`this group has no document "${name}"`);
  }

  /** What is trusted, as test vectors write it: what is null or false is left out at the end. */
  #trusted(): object {
    const { current, next, revocation, floor } = this.#state;
    const license = current?.signed.license;
    const licensed = this.#state.isActive();
    return {
      licensed,
      standing: this.#state.standing(),
      edition: licensed && license !== undefined ? license.edition : this.#policy.editions.lowest,
      license: license?.id ?? null,
      ...(next === null ? {} : { next: next.license.id }),
      ...(revocation === null ? {} : { revocations: revocation.serial }),
      ...(floor.clockRolledBack ? { clockRolledBack: true } : {}),
    };
  }
}

/** Shows what the step says. */
class StepClock implements Clock {
  reading: Step['clock'] = { wall: 0, uptime: 0 };

  wallMs(): number {
    return this.reading.wall * 1000;
  }

  monotonicMs(): number {
    return this.reading.uptime * 1000;
  }

  /** Deciding needs no timers. */
  after(): () => void {
    return () => {};
  }
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
