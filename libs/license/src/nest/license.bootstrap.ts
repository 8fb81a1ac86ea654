import {
  Inject,
  Injectable,
  Optional,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ReplaySubject, type Observable } from 'rxjs';

import { LicenseError, type LicenseErrorCode } from '../core/errors.js';
import type { LicenseOrigin, LicenseStatus, RefusalNote } from '../core/status.js';
import { LocalCopy } from '../distribution/local-copy.js';
import { NatsLink } from '../distribution/nats-link.js';
import { Refresher } from '../distribution/refresher.js';
import { parseEncryptionKeys } from '../protocol/encryption-keys.js';
import { FileLicenseStore } from '../store/file-license-store.js';
import { readTextFile } from '../store/read-file.js';
import { WatchedFile } from '../store/watched-file.js';
import { acceptLicense } from '../trust/accept-license.js';
import type { Judgement, TrustPolicy } from '../trust/judgement.js';
import { TrustedState } from '../trust/trusted-state.js';
import { afterListening } from './after-listening.js';
import { LicenseLog } from './license.log.js';
import { LICENSE_SETTINGS, type LicenseSettings } from './license.settings.js';
import { isSameToSubscribers, reportStatus } from './status-report.js';

/**
 * Puts the parts together and gives them the application's life: local key first, synchronously, before the first
 * request; the network in the background, never awaited.
 */
@Injectable()
export class LicenseBootstrap implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly state: TrustedState;
  readonly #log: LicenseLog;
  readonly #policy: TrustPolicy | null;
  readonly #copy: LocalCopy | null;
  readonly #refresher: Refresher | null;
  #keysFile: WatchedFile | null = null;
  #stopWaiting = (): void => {};
  /** The last one is for who comes later; there is none before the local key was read. */
  readonly #statuses = new ReplaySubject<LicenseStatus>(1);
  #told: LicenseStatus | null = null;
  #started = false;
  #lastRefusal: RefusalNote | null = null;
  #decisiveRefusal: LicenseErrorCode | null = null;

  constructor(
    @Inject(LICENSE_SETTINGS) private readonly settings: LicenseSettings,
    @Optional() @Inject(HttpAdapterHost) private readonly httpAdapterHost?: HttpAdapterHost,
  ) {
    const { clock, trustedKeys, editions, product, deploymentId } = settings;
    this.state = new TrustedState(clock);
    this.#log = new LicenseLog(clock);
    this.#policy = trustedKeys === null ? null : { keys: trustedKeys, editions, product, deploymentId };
    this.#copy = this.#policy === null ? null : this.#localCopy(this.#policy);
    this.#refresher = this.#policy === null ? null : this.#newRefresher(this.#policy);
  }

  /** Was the local key read? Before that nothing is known. */
  get started(): boolean {
    return this.#started;
  }

  /** The status, and each later one that differs. */
  get statuses(): Observable<LicenseStatus> {
    return this.#statuses.asObservable();
  }

  onModuleInit(): void {
    const { problems, warnings, license, bootstrapTimeoutMs } = this.settings;
    this.#log.configuration(problems, warnings);
    this.#copy?.load();
    this.#keysFile = this.#watchKeys();
    if (license !== null && this.#policy !== null) {
      this.#judged(
        acceptLicense({ origin: 'environment', license }, this.state, this.#policy),
        'environment',
      );
    }
    void this.#copy?.save(); // sealed with an older key, or not at all
    this.#refresher?.expectAnswer(bootstrapTimeoutMs);
    this.#started = true;
    this.#tell();
  }

  onApplicationBootstrap(): void {
    const start = (): void => this.#refresher?.start();
    // Loading the NATS client takes a moment, and who holds a license is in no hurry: the application listens first.
    if (this.state.isActive() && this.settings.adapters.source === undefined) {
      this.#stopWaiting = afterListening(this.httpAdapterHost, this.settings.clock, start);
    } else start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopWaiting();
    this.#keysFile?.stop();
    await this.#refresher?.stop();
    await this.#copy?.stop();
    this.#statuses.complete();
  }

  /** Asks the license-servers now, if they can be reached; what comes back arrives through {@link statuses}. */
  refresh(): void {
    this.#refresher?.ask();
  }

  /** A new picture of what is believed now. */
  status(): LicenseStatus {
    const { editions, communityLimits, configured, problems } = this.settings;
    return reportStatus({
      state: this.state,
      editions,
      communityLimits,
      configured,
      misconfigured: problems.length > 0,
      pending: !this.#started || (this.#refresher?.pending ?? false),
      fresh: this.#refresher?.fresh ?? false,
      clockOffsetMs: this.#refresher?.clockOffsetMs ?? null,
      persisted: this.#copy?.isCurrent ?? false,
      persistError: this.#copy?.error?.message ?? null,
      lastRefusal: this.#lastRefusal,
      decisiveRefusal: this.#decisiveRefusal,
    });
  }

  #localCopy(policy: TrustPolicy): LocalCopy | null {
    const { adapters, clock, encryptionKeys, keyPaths } = this.settings;
    if (encryptionKeys === null || adapters.store === null) return null; // nothing to seal it with, or nowhere
    const store =
      adapters.store ?? new FileLicenseStore(keyPaths, (message) => this.#log.warn(message), clock);
    return new LocalCopy(store, encryptionKeys, this.state, policy, clock, {
      judged: (judgement) => this.#judged(judgement, 'file'),
      unusable: (error) => this.#refused(error, 'file', true),
      saved: (error) => {
        this.#log.saved(error);
        this.#tell();
      },
    });
  }

  #newRefresher(policy: TrustPolicy): Refresher {
    const { adapters, clock, encryptionKeys, nats, subjects } = this.settings;
    const link = nats === null || encryptionKeys === null ? null : new NatsLink(nats, subjects, clock);
    const source = adapters.source === undefined ? link : adapters.source;
    return new Refresher(source, encryptionKeys, subjects, this.state, policy, clock, {
      judged: (judgement, origin) => {
        this.#judged(judgement, origin);
        void this.#copy?.save();
      },
      dropped: (error) => this.#log.dropped(error),
      reachable: (problem) => this.#log.reachable(problem),
      settled: () => this.#tell(),
      minute: () => {
        void this.#copy?.retry();
        this.#tell();
      },
    });
  }

  /** Takes rotated encryption keys: the key file is sealed anew at once, so that the old key can go. */
  #watchKeys(): WatchedFile | null {
    const { clock, encryptionKeys: ring, encryptionKeysFile: path } = this.settings;
    if (ring === null || path === null) return null;
    return new WatchedFile(path, clock, () => {
      try {
        ring.replaceWith(parseEncryptionKeys(readTextFile(path, 'LICENSE_ENCRYPTION_KEYS_FILE')));
      } catch (error) {
        if (!(error instanceof LicenseError)) throw error;
        this.#log.warn(`${error.message}; the encryption keys read before stay in use`);
        return;
      }
      this.#log.keysRotated(ring.kids);
      void this.#copy?.save();
      this.refresh(); // what was sealed with a key that was not here yet could not be opened
    });
  }

  #judged({ verdict, revocationError }: Judgement, origin: LicenseOrigin): void {
    if (revocationError !== null) this.#log.dropped(revocationError);
    switch (verdict.outcome) {
      case 'refused':
        this.#refused(
          verdict.error,
          origin,
          verdict.vendorSigned || origin === 'file' || origin === 'environment',
        );
        break;
      case 'kept-for-later':
        this.#log.refused(verdict.error, origin);
        break;
      case 'accepted':
        this.#decisiveRefusal = null;
        break;
      case 'unchanged':
      case 'none':
        break;
    }
    this.#tell();
  }

  /** @param decisive it says something about this deployment, not just about whoever sent it */
  #refused(error: LicenseError, origin: LicenseOrigin, decisive: boolean): void {
    if (!decisive) return this.#log.dropped(error);
    this.#log.refused(error, origin);
    this.#decisiveRefusal = error.code;
    const at = new Date(this.settings.clock.wallMs());
    this.#lastRefusal = Object.freeze({ code: error.code, message: error.message, origin, at });
  }

  /** Tells log and subscribers when there is something new. */
  #tell(): void {
    if (!this.#started) return; // what comes after the local key may be newer
    const status = this.status();
    this.#log.status(status);
    const { current, floor } = this.state;
    if (status.active && current !== null) this.#log.expiry(current.signed.license, floor.nowMs());
    if (this.#told !== null && isSameToSubscribers(this.#told, status)) return;
    this.#told = status;
    this.#statuses.next(status);
  }
}
