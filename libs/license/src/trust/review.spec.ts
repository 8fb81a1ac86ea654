import { EditionLadder } from '../core/editions.js';
import { TrustedKeyRing } from '../protocol/trusted-keys.js';
import { ManualClock } from '../testing/manual-clock.js';
import { TestIssuer } from '../testing/test-issuer.js';
import { acceptLicense } from './accept-license.js';
import { TrustedState } from './trusted-state.js';

const minuteMs = 60_000;

/** Counts how often the wall clock is looked at. */
class WatchedClock extends ManualClock {
  looks = 0;

  override wallMs(): number {
    this.looks += 1;
    return super.wallMs();
  }
}

describe('the question whether a license is in force', () => {
  let issuer: TestIssuer;
  let clock: WatchedClock;
  let state: TrustedState;

  beforeAll(async () => {
    issuer = await TestIssuer.create('agent-os', new ManualClock());
  });
  beforeEach(() => {
    clock = new WatchedClock();
    state = new TrustedState(clock);
  });

  /** Puts a license in force that ends so much later. */
  function holdFor(ms: number): void {
    const policy = {
      keys: TrustedKeyRing.from({ ...issuer.trustedKeys }),
      editions: new EditionLadder(),
      product: null,
      deploymentId: null,
    };
    const license = issuer.issue({ exp: (clock.wallMs() + ms) / 1000 });
    acceptLicense({ origin: 'file', license }, state, policy);
    clock.looks = 0;
  }

  it('costs one comparison, and a look at the clock once a minute', () => {
    holdFor(10 * minuteMs);
    for (let asked = 0; asked < 1_000; asked += 1) expect(state.isActive()).toBe(true);
    clock.advance(minuteMs - 1);
    expect([state.isActive(), clock.looks]).toEqual([true, 0]);
    clock.advance(1);
    expect(state.isActive()).toBe(true);
    const { looks } = clock;
    expect(looks).toBeGreaterThan(0);
    expect([state.isActive(), clock.looks]).toEqual([true, looks]);
  });

  it('is answered to the millisecond, also when the license ends within the minute', () => {
    holdFor(10_000);
    clock.advance(9_999);
    expect(state.isActive()).toBe(true);
    clock.advance(1);
    expect(state.isActive()).toBe(false);
  });
});
