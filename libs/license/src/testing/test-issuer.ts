import { systemClock, type Clock } from '../core/clock.js';
import { generateSigningKey, publicJwk, type PublicJwk, type SigningKey } from '../issuing/keys.js';
import { signLicense } from '../issuing/sign.js';
import type { LicenseClaims } from '../protocol/claims.js';

const dayS = 24 * 60 * 60;

/** A vendor for tests: a real key, made when the test runs, and real licenses signed with it. */
export class TestIssuer {
  /** The public half, for `trustedKeys` or `LICENSE_PUBLIC_KEYS`. */
  readonly trustedKeys: { readonly keys: readonly PublicJwk[] };
  #serial = 0;

  private constructor(
    readonly key: SigningKey,
    private readonly product: string,
    private readonly clock: Clock,
  ) {
    this.trustedKeys = { keys: [publicJwk(key)] };
  }

  /**
   * @param product the `aud` of the licenses, default `agent-os`
   * @param clock dates are counted from its now
   */
  static async create(product = 'agent-os', clock: Clock = systemClock): Promise<TestIssuer> {
    return new TestIssuer(await generateSigningKey(2048), product, clock);
  }

  /**
   * Claims of an enterprise license: issued now, ends in a year, every serial one higher than the last.
   *
   * @param changes claims to replace; `undefined` removes one
   */
  claims(changes: Partial<LicenseClaims> = {}): LicenseClaims {
    const nowS = Math.floor(this.clock.wallMs() / 1000);
    this.#serial += 1;
    const claims = {
      v: 1,
      iss: 'test-vendor',
      sub: 'customer-1',
      customer: { name: 'Test Customer' },
      aud: this.product,
      jti: `license-${this.#serial}`,
      serial: this.#serial,
      iat: nowS,
      exp: nowS + 365 * dayS,
      edition: 'enterprise',
      features: {},
      limits: {},
      ...changes,
    };
    return Object.fromEntries(
      Object.entries(claims).filter(([, value]) => value !== undefined),
    ) as unknown as LicenseClaims;
  }

  /** A signed license (compact JWS) with {@link claims}. */
  issue(changes: Partial<LicenseClaims> = {}): string {
    return signLicense(this.claims(changes), this.key);
  }
}
