import { subjectsFor } from '@latchkey/license/protocol';
import type { ManualClock, TestIssuer } from '@latchkey/license/testing';

import { Refresher } from '../src/distribution/refresher.js';
import { ManualSource } from '../src/testing/manual-source.js';
import { HandMadeInstance, ring, WatchedStore } from './hand-made-instance.js';

/** A refresher between a source that is worked by hand and an instance without a disk, and what it told. */
export class RefresherBench {
  readonly source: ManualSource;
  readonly instance: HandMadeInstance;
  readonly refresher: Refresher;
  /** `reply accepted`, `broadcast ROLLBACK`, `dropped MALFORMED`, `reachable`, `unreachable`, `settled`. */
  readonly told: string[] = [];
  minutes = 0;

  constructor(
    readonly issuer: TestIssuer,
    readonly clock: ManualClock,
  ) {
    this.source = new ManualSource(ring, clock);
    this.instance = new HandMadeInstance(issuer, clock, new WatchedStore());
    const { state, policy } = this.instance;
    this.refresher = new Refresher(this.source, ring, subjectsFor('license'), state, policy, clock, {
      judged: ({ verdict }, origin) =>
        this.told.push(`${origin} ${'error' in verdict ? verdict.error.code : verdict.outcome}`),
      dropped: (error) => this.told.push(`dropped ${error.code}`),
      reachable: (problem) => this.told.push(problem === null ? 'reachable' : 'unreachable'),
      settled: () => this.told.push('settled'),
      minute: () => (this.minutes += 1),
    });
  }

  get active(): boolean {
    return this.instance.state.isActive();
  }

  /** How often it asks while `ms` pass. */
  asksWithin(ms: number): number {
    const before = this.source.askedAtMs.length;
    this.clock.advance(ms);
    return this.source.askedAtMs.length - before;
  }
}
