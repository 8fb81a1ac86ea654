import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Subject, type Observable } from 'rxjs';

import type { FeatureValue } from '../core/license.js';
import type { LicenseStatus } from '../core/status.js';
import { LicenseBootstrap } from './license.bootstrap.js';
import { LicenseRequiredException } from './license.exception.js';
import { LICENSE_SETTINGS, type LicenseSettings } from './license.settings.js';
import { refusalBody, type Demand, type RefusalEvent } from './refusal.js';
import type { Requirement } from './requirements.js';

/**
 * What this instance may do, asked in code. Every answer is of this moment: a license that ends or arrives
 * changes the next answer, without a restart.
 */
@Injectable()
export class LicenseService implements OnApplicationShutdown {
  readonly #refusals = new Subject<RefusalEvent>();

  constructor(
    @Inject(LicenseBootstrap) private readonly bootstrap: LicenseBootstrap,
    @Inject(LICENSE_SETTINGS) private readonly settings: LicenseSettings,
  ) {}

  /** What is believed and why: a new frozen picture at each call. */
  get status(): LicenseStatus {
    return this.bootstrap.status();
  }

  /** Emits the status now, and whenever it changes; completes when the application closes. */
  get changes$(): Observable<LicenseStatus> {
    return this.bootstrap.statuses;
  }

  /**
   * Emits whatever is refused, by a gate or by {@link assertWithinLimit}, while it happens: for metrics and audit
   * logs. Says nothing of what was before the subscription; completes when the application closes.
   */
  get refusals$(): Observable<RefusalEvent> {
    return this.#refusals.asObservable();
  }

  /** Is a license in force right now? */
  get active(): boolean {
    return this.bootstrap.state.isActive();
  }

  /** The edition in effect: the license's, or the lowest one while none is in force. */
  get edition(): string {
    const { state } = this.bootstrap;
    return state.isActive() && state.current
      ? state.current.signed.license.edition
      : this.settings.editions.lowest;
  }

  /** True when the edition in effect is `required` or above it. */
  hasEdition(required: string): boolean {
    return this.settings.editions.reaches(this.edition, required);
  }

  /** True when the license in force names the feature, whatever its value. */
  hasFeature(name: string): boolean {
    return this.feature(name) !== undefined;
  }

  /** The value the license in force gives a feature; undefined when it does not name it. */
  feature(name: string): FeatureValue | undefined {
    const { state } = this.bootstrap;
    return state.isActive() ? state.current?.signed.license.features[name] : undefined;
  }

  /** The limit of this name in effect; Infinity when there is none. */
  limit(name: string): number {
    const { state } = this.bootstrap;
    const license = state.isActive() ? state.current?.signed.license : undefined;
    const limit = (license?.limits ?? this.settings.communityLimits)[name];
    return limit === undefined || limit === -1 ? Infinity : limit;
  }

  /**
   * Asserts that `wanted` of something fit into its limit.
   *
   * @param wanted how many there would be afterwards
   * @throws {LicenseRequiredException} `LICENSE_LIMIT_EXCEEDED` when they do not
   */
  assertWithinLimit(name: string, wanted: number): void {
    const allowed = this.limit(name);
    if (!(wanted <= allowed)) throw this.#refusal({ kind: 'limit', limit: name, allowed });
  }

  /** Asks the license-servers now. What they answer arrives through {@link changes$}. */
  refresh(): void {
    this.bootstrap.refresh();
  }

  /**
   * Asks for one requirement of a handler, as the guard does on every call.
   *
   * @returns the refusal to throw, or null when the license in force meets it
   */
  check(requirement: Requirement): LicenseRequiredException | null {
    const isMet =
      requirement.kind === 'edition'
        ? this.hasEdition(requirement.edition)
        : this.hasFeature(requirement.feature);
    return isMet ? null : this.#refusal(requirement);
  }

  /** The end of {@link refusals$}. */
  onApplicationShutdown(): void {
    this.#refusals.complete();
  }

  #refusal(demand: Demand): LicenseRequiredException {
    const body = refusalBody(demand, this.status, this.settings.refusal);
    if (this.#refusals.observed) this.#refusals.next(Object.freeze({ demand, body, advisory: false }));
    return new LicenseRequiredException(body);
  }
}
