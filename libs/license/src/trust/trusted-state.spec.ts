import { EditionLadder } from '../core/editions.js';
import { TrustedKeyRing } from '../protocol/trusted-keys.js';
import { ManualClock } from '../testing/manual-clock.js';
import { TestIssuer } from '../testing/test-issuer.js';
import { acceptLicense } from './accept-license.js';
import { TimeFloor } from './time-floor.js';
import { TrustedState } from './trusted-state.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const start = Date.UTC(2027, 0, 1);

describe('the time floor', () => {
  it('is carried on by the monotonic clock when the wall clock is set back', () => {
    const clock = new ManualClock(start);
    const floor = new TimeFloor(clock);
    floor.raise(start);
    clock.setWall(start - 365 * dayMs);
    clock.advance(hourMs);
    expect(floor.nowMs()).toBe(start + hourMs);
    expect(floor.clockRolledBack).toBe(true);
  });

  it('follows the wall clock while that is later, and keeps nothing of it', () => {
    const clock = new ManualClock(start);
    const floor = new TimeFloor(clock);
    floor.raise(start);
    clock.setWall(start + 10 * 365 * dayMs);
    expect(floor.nowMs()).toBe(start + 10 * 365 * dayMs);
    clock.setWall(start);
    expect([floor.nowMs(), floor.valueMs]).toEqual([start, start]);
  });

  it('is never lowered', () => {
    const floor = new TimeFloor(new ManualClock(start));
    floor.raise(start);
    floor.raise(start - 1);
    expect(floor.valueMs).toBe(start);
  });

  it('forgives ten minutes of difference before it speaks of a clock set back', () => {
    const clock = new ManualClock(start);
    const floor = new TimeFloor(clock);
    floor.raise(start);
    clock.setWall(start - 10 * minuteMs);
    expect(floor.clockRolledBack).toBe(false);
    clock.setWall(start - 10 * minuteMs - 1);
    expect(floor.clockRolledBack).toBe(true);
  });
});

describe('an instance in force, when the clock is wrong', () => {
  let issuer: TestIssuer;
  let clock: ManualClock;
  let state: TrustedState;

  beforeAll(async () => {
    issuer = await TestIssuer.create('agent-os', new ManualClock(start));
  });
  beforeEach(() => {
    clock = new ManualClock(start);
    state = new TrustedState(clock);
    const policy = {
      keys: TrustedKeyRing.from({ ...issuer.trustedKeys }),
      editions: new EditionLadder(),
      product: 'agent-os',
      deploymentId: null,
    };
    const begins = start / 1000 - 60;
    const license = issuer.issue({ iat: begins, nbf: begins, exp: start / 1000 + 3600 });
    acceptLicense({ origin: 'file', license }, state, policy);
  });

  it.each([
    ['ten years back', -10 * 365 * dayMs],
    ['a day back', -dayMs],
    ['an hour back', -hourMs],
    ['five seconds back', -5000],
    ['half an hour ahead, within the license', hourMs / 2],
  ])('stays in force with the clock %s', (_what, jumpMs) => {
    clock.setWall(start + jumpMs);
    clock.advance(minuteMs);
    expect(state.isActive()).toBe(true);
  });

  it.each([
    ['an hour ahead, past the end', hourMs],
    ['ten years ahead', 10 * 365 * dayMs],
  ])(
    'refuses within a minute with the clock %s, and is in force at the first check once it is right',
    (_what, jumpMs) => {
      clock.setWall(start + jumpMs);
      clock.advance(minuteMs);
      expect(state.isActive()).toBe(false);
      clock.setWall(start + minuteMs);
      expect(state.isActive()).toBe(true);
    },
  );

  it('ends when its time is over, although the clock was set back to before', () => {
    clock.setWall(start - 10 * dayMs);
    clock.advance(2 * hourMs);
    expect(state.isActive()).toBe(false);
  });

  it('looks at the clock again within a minute, because a machine may have been suspended', () => {
    expect(state.isActive()).toBe(true);
    clock.setWall(start + 2 * hourMs); // suspended: the monotonic clock stood still
    clock.advance(minuteMs);
    expect(state.isActive()).toBe(false);
  });
});
