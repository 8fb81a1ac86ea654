import { systemClock, type Clock } from '../core/clock.js';
import { generateSigningKey, publicJwk, type PublicJwk, type SigningKey } from '../issuing/keys.js';
import { signLicense, signRevocation } from '../issuing/sign.js';
import type { LicenseClaims } from '../protocol/claims.js';

const dayS = 24 * 60 * 60;
const vendor = 'test-vendor';

/** A vendor for tests: a real key, made when the test runs, and real licenses signed with it. Two are two vendors. */
export class TestIssuer {
  /** The public half, for `trustedKeys` or `LICENSE_PUBLIC_KEYS`. */
  readonly trustedKeys: {
    /** One key. */
    readonly keys: readonly PublicJwk[];
  };
  #serial = 0;
  #listSerial = 0;
  readonly #revoked = new Set<string>();

  private constructor(
    /** What signs its licenses. */
    readonly key: SigningKey,
    private readonly product: string,
    private readonly clock: Clock,
    private readonly edition: string,
  ) {
    this.trustedKeys = { keys: [publicJwk(key)] };
  }

  /**
   * A new vendor.
   *
   * @param product the `aud` of the licenses, default `agent-os`
   * @param clock dates are counted from its now
   * @param more.key of the vendor; default a new one of RSA 2048, which takes 50 to 350 ms to make
   * @param more.edition of its licenses, default `enterprise`
   */
  static async create(
    product = 'agent-os',
    clock: Clock = systemClock,
    more: { readonly key?: SigningKey; readonly edition?: string } = {},
  ): Promise<TestIssuer> {
    const { key = await generateSigningKey(2048), edition = 'enterprise' } = more;
    return new TestIssuer(key, product, clock, edition);
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
      iss: vendor,
      sub: 'customer-1',
      customer: { name: 'Test Customer' },
      aud: this.product,
      jti: `license-${this.#serial}`,
      serial: this.#serial,
      iat: nowS,
      exp: nowS + 365 * dayS,
      edition: this.edition,
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

  /**
   * A signed revocation list: these licenses, and all that were revoked before.
   *
   * @param ids of licenses (`jti`); none for a list without a license on it
   */
  revoke(...ids: string[]): string {
    for (const id of ids) this.#revoked.add(id);
    this.#listSerial += 1;
    const iat = Math.floor(this.clock.wallMs() / 1000);
    const claims = { v: 1, iss: vendor, iat, serial: this.#listSerial, revoked: [...this.#revoked] } as const;
    return signRevocation(claims, this.key);
  }
}
