import type { Clock } from '../core/clock.js';
import type { LicenseSource } from '../distribution/license-source.js';
import type { NatsTransportOptions } from '../distribution/nats-options.js';
import type { TrustedKeyInput } from '../protocol/trusted-keys.js';
import type { Environment } from '../store/environment.js';
import type { LicenseStore } from '../store/license-store.js';
import type { EditionName, FeatureName, LimitName } from './licensed-names.js';

/** How refusals look to the one who is refused. */
export interface RefusalOptions {
  /** HTTP status, 400 to 499. Default 402 (Payment Required); 403 for those who prefer it. While pending it is 503. */
  readonly status?: number;
  /** Replaces the sentence of the body. Gets the default one. */
  readonly message?: (defaultMessage: string) => string;
  /** Where to get a license; added to the body as `upgradeUrl`. */
  readonly upgradeUrl?: string;
}

/** Parts of the module that can be replaced, for tests and unusual hosts. */
export interface LicenseAdapters {
  /** What time it is. Default: the clock of this machine. */
  readonly clock?: Clock;
  /** Where the key file is kept; null keeps none. Default: a file. */
  readonly store?: LicenseStore | null;
  /** Where licenses come from; null for nowhere. Default: NATS. */
  readonly source?: LicenseSource | null;
}

/**
 * Options of {@link LicenseModule.forRoot}. What is set here wins over the environment; everything else is read
 * from the variables of `docs/protocol.md`, section 8.
 */
export interface LicenseModuleOptions {
  /** The product (`aud`) a license must be for. Default `LICENSE_PRODUCT`; with neither, any product of a trusted key passes, and a warning says so. */
  readonly product?: string;
  /**
   * The vendor's public keys: JWK Set, JWK, or PEM. Set here they are pinned: the environment cannot add to them.
   * Without them `LICENSE_PUBLIC_KEYS` is used, and whoever sets the environment can issue licenses.
   */
  readonly trustedKeys?: TrustedKeyInput;
  /** Take `LICENSE_PUBLIC_KEYS` in addition to pinned keys. Default false. */
  readonly allowEnvTrust?: boolean;
  /** The deployment's encryption keys, as `LICENSE_ENCRYPTION_KEYS` spells them. Default: that variable. */
  readonly encryptionKeys?: string;
  /** A signed license, as text: for a service without NATS and without files. Default `LICENSE`, else the file `LICENSE_PATH`. */
  readonly license?: string;
  /** Editions, lowest first. Default community, professional, enterprise, flagship. */
  readonly editions?: readonly EditionName[];
  /** The features that the product sells: a decorator that names another keeps the app from starting. Default: any name passes. */
  readonly features?: readonly FeatureName[];
  /**
   * Features whose gates only count: a call they would have refused goes through, is counted in
   * {@link LicenseService.advisoryCounts} and logged once a day. Default none. Editions and limits always refuse.
   */
  readonly advisory?: readonly FeatureName[];
  /** What holds while no license is in force. */
  readonly community?: {
    /** Whole numbers, 0 or more; -1 for unlimited, as is what is not listed. Default none. */
    readonly limits?: Readonly<Partial<Record<LimitName, number>>>;
  };
  /** The key file. Default `LICENSE_KEY_PATH`, else `~/<keyDirectory>/license.key`, else `./license.key`. */
  readonly keyPath?: string;
  /** Directory below the home directory that holds the key file. Default `.ai-agent-os`. */
  readonly keyDirectory?: string;
  /** The id of this deployment. Default `LICENSE_DEPLOYMENT_ID`. */
  readonly deploymentId?: string;
  /** NATS connection as Nest's transport takes it, or false for none. Default: the `NATS_…` variables. */
  readonly nats?: false | NatsTransportOptions;
  /** First part of the NATS subjects. Default `LICENSE_SUBJECT_PREFIX`, else `license`. */
  readonly subjectPrefix?: string;
  /** Longest wait for a first answer, in milliseconds, 0 to 60 000. Default 10 000. The app listens meanwhile. */
  readonly bootstrapTimeoutMs?: number;
  /** Status and words of refusals. Default 402, in the words of this library. */
  readonly refusal?: RefusalOptions;
  /** Where variables are read. Default `process.env`. */
  readonly environment?: Environment;
  /** Parts to replace. Default none. */
  readonly adapters?: LicenseAdapters;
}

/** What `forRootAsync({ useClass })` and `forRootAsync({ useExisting })` take: a provider that makes the options. */
export interface LicenseOptionsFactory {
  /** Called once, when the application starts. */
  create(): LicenseModuleOptions | Promise<LicenseModuleOptions>;
}
