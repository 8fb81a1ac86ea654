import type { LicenseErrorCode, Standing } from '@latchkey/license/protocol';

/** Why a server is degraded: a code of the library, or one of these. `docs/operations.md` says what to do. */
export type HealthCode =
  LicenseErrorCode | 'GRACE' | 'NATS_DISCONNECTED' | 'NATS_REFUSED' | 'NOT_PUBLISHED' | 'NOT_RETAINED';

/** One reason for being degraded. */
export interface HealthReason {
  readonly code: HealthCode;
  /** For people; holds no secret and no customer's name. */
  readonly message: string;
}

/** The body of `GET /health`. Dates are ISO 8601 in UTC. */
export interface HealthReport {
  /** `degraded` when somebody should look at the reasons. The server works all the same. */
  readonly status: 'ok' | 'degraded';
  readonly reasons: readonly HealthReason[];
  /** What is being served; null when there is nothing to serve. */
  readonly license: {
    readonly id: string;
    readonly serial: number;
    readonly product: string;
    readonly edition: string;
    /** When it ends and its grace period, if any, begins; null for a perpetual license. */
    readonly expiresAt: string | null;
    /** When its grace period ends; null without one. */
    readonly graceEndsAt: string | null;
    readonly standing: Standing;
    /** The vendor key that signed it. */
    readonly kid: string;
  } | null;
  /** The revocation list being handed out; null without one. */
  readonly revocations: { readonly serial: number; readonly revoked: number } | null;
  readonly nats: { readonly connected: boolean; readonly lastPublishedAt: string | null };
  readonly server: {
    readonly id: string;
    readonly version: string;
    readonly deploymentId: string | null;
    /** Ids of the encryption keys; the first one seals. */
    readonly encryptionKeys: readonly string[];
    /** Ids of the vendor keys trusted. */
    readonly trustedKeys: readonly string[];
  };
}
