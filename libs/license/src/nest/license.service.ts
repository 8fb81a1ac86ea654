import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Subject, type Observable } from 'rxjs';

import { LicenseError } from '../core/errors.js';
import type { FeatureValue, License } from '../core/license.js';
import type { LicenseStatus } from '../core/status.js';
import { AdvisoryFeatures } from './advisory.js';
import { explain, type Explanation, type LicenseQuestion } from './explanation.js';
import { LicenseBootstrap } from './license.bootstrap.js';
import { LicenseRequiredException, type RefusalBody } from './license.exception.js';
import { LicenseLog } from './license.log.js';
import { LICENSE_SETTINGS, type LicenseSettings } from './license.settings.js';
import type { EditionName, FeatureName, FeatureValueOf, LimitName } from './licensed-names.js';
import { refusalBody, type Demand, type RefusalEvent } from './refusal.js';
import type { Requirement } from './requirements.js';

/**
 * What this instance may do, asked in code. Every answer is of this moment: a license that ends or arrives
 * changes the next answer, without a restart.
 *
 * Ask in `onModuleInit()` or later: in a constructor, before the local key was read, whatever decides throws
 * `NOT_STARTED` instead of giving a wrong answer.
 */
@Injectable()
export class LicenseService implements OnApplicationShutdown {
  readonly #refusals = new Subject<RefusalEvent>();
  readonly #advisory: AdvisoryFeatures;

  /** For Nest. @hidden */
  constructor(
    @Inject(LicenseBootstrap) private readonly bootstrap: LicenseBootstrap,
    @Inject(LICENSE_SETTINGS) private readonly settings: LicenseSettings,
  ) {
    this.#advisory = new AdvisoryFeatures(settings.advisory, new LicenseLog(settings.clock));
  }

  /** What is believed and why: a new frozen picture at each call. `pending` before the local key was read. */
  get status(): LicenseStatus {
    return this.bootstrap.status();
  }

  /**
   * Emits the status now, and whenever it changes; completes when the application closes. Who subscribes before the
   * start gets the first one when the local key has been read.
   */
  get changes$(): Observable<LicenseStatus> {
    return this.bootstrap.statuses;
  }

  /**
   * Emits whatever is refused, by a gate or by {@link assertWithinLimit}, and what gates in advisory mode let through,
   * while it happens: for metrics and audit logs. Says nothing of what was before the subscription; completes when the
   * application closes.
   */
  get refusals$(): Observable<RefusalEvent> {
    return this.#refusals.asObservable();
  }

  /**
   * How often each feature in advisory mode (`forRoot({ advisory })`) would have been refused by its gates since the
   * start. A new frozen picture at each call.
   */
  get advisoryCounts(): Readonly<Record<string, number>> {
    return this.#advisory.counts;
  }

  /** Is a license in force right now? */
  get active(): boolean {
    return this.#inForce() !== undefined;
  }

  /** The edition in effect: the license's, or the lowest one while none is in force. */
  get edition(): string {
    return this.#inForce()?.edition ?? this.settings.editions.lowest;
  }

  /** True when the edition in effect is `required` or above it. */
  hasEdition(required: EditionName): boolean {
    return this.settings.editions.reaches(this.edition, required);
  }

  /** True when the license in force names the feature, whatever its value. Advisory mode makes no difference. */
  hasFeature(name: FeatureName): boolean {
    return this.#valueOf(name) !== undefined;
  }

  /**
   * The value the license in force gives a feature; undefined when it does not name it. Its type is the one that
   * {@link LicensedFeatures} declares: a promise of the vendor, which nothing here checks.
   */
  feature<Name extends FeatureName>(name: Name): FeatureValueOf<Name> | undefined {
    return this.#valueOf(name) as FeatureValueOf<Name> | undefined;
  }

  /** The limit of this name in effect; Infinity when there is none. */
  limit(name: LimitName): number {
    const limit = (this.#inForce()?.limits ?? this.settings.communityLimits)[name];
    return limit === undefined || limit === -1 ? Infinity : limit;
  }

  /**
   * Asserts that `wanted` of something fit into its limit.
   *
   * @param wanted how many there would be afterwards; what is no number never fits
   * @throws {LicenseRequiredException} `LICENSE_LIMIT_EXCEEDED` when they do not, `LICENSE_PENDING` when they do not
   *   while the license is still being loaded
   */
  assertWithinLimit(name: LimitName, wanted: number): void {
    const allowed = this.limit(name);
    if (!(wanted <= allowed)) throw this.#refusal({ kind: 'limit', limit: name, allowed });
  }

  /**
   * Why a feature, an edition or a limit is on or off here, for people and for support tools:
   * `explain('workflow')`, `explain({ edition: 'enterprise' })`, `explain({ limit: 'apps', wanted: 11 })`. Does not throw
   * before the start: the reason is `pending` then.
   */
  explain(question: LicenseQuestion): Explanation {
    const { clock, editions, features } = this.settings;
    const isAdvisory = (feature: string): boolean => this.#advisory.has(feature);
    return explain(question, { status: this.status, editions, features, isAdvisory, wallMs: clock.wallMs() });
  }

  /** Asks the license-servers now. What they answer arrives through {@link changes$}. */
  refresh(): void {
    this.bootstrap.refresh();
  }

  /**
   * Asks for one requirement of a handler, as the guard does on every call. Before the start, when messages may
   * already arrive, the answer is that the license is still being loaded.
   *
   * @param call any object that stands for the call: several guards may judge one, which counts once in advisory mode
   * @returns the refusal to throw; null when the license in force meets it, and for a feature in advisory mode
   */
  check(requirement: Requirement, call?: object): LicenseRequiredException | null {
    const isMet =
      requirement.kind === 'edition'
        ? this.settings.editions.reaches(
            this.#current()?.edition ?? this.settings.editions.lowest,
            requirement.edition,
          )
        : this.#current()?.features[requirement.feature] !== undefined;
    if (isMet) return null;
    if (requirement.kind === 'feature' && this.#advisory.has(requirement.feature)) {
      if (this.#advisory.count(requirement.feature, call ?? {}) && this.#refusals.observed) {
        this.#announce(requirement, this.#bodyFor(requirement), true);
      }
      return null;
    }
    return this.#refusal(requirement);
  }

  /** The end of {@link refusals$}. */
  onApplicationShutdown(): void {
    this.#refusals.complete();
  }

  /** The license in force. */
  #current(): License | undefined {
    const { state } = this.bootstrap;
    return state.isActive() ? state.current?.signed.license : undefined;
  }

  /** The same for who decides by it. Where there is one the start is over: only who gets none pays for looking. */
  #inForce(): License | undefined {
    const license = this.#current();
    if (license === undefined) this.#assertStarted();
    return license;
  }

  #valueOf(feature: string): FeatureValue | undefined {
    return this.#inForce()?.features[feature];
  }

  #refusal(demand: Demand): LicenseRequiredException {
    const body = this.#bodyFor(demand);
    this.#announce(demand, body, false);
    return new LicenseRequiredException(body);
  }

  #bodyFor(demand: Demand): RefusalBody {
    return refusalBody(demand, this.status, this.settings.refusal);
  }

  #announce(demand: Demand, body: RefusalBody, advisory: boolean): void {
    if (this.#refusals.observed) this.#refusals.next(Object.freeze({ demand, body, advisory }));
  }

  #assertStarted(): void {
    if (this.bootstrap.started) return;
    throw new LicenseError(
      'NOT_STARTED',
      'expected LicenseService to be asked after the application was initialized, found it asked before: ' +
        'ask in onModuleInit() or later, not in a constructor or factory; in a test, call "await app.init()" first',
    );
  }
}
