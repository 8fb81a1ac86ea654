import { EventEmitter, once } from 'node:events';

import { HandMadeInstance, ring, WatchedStore } from '../../test/hand-made-instance.js';
import { sealKeyFile } from '../protocol/sealed-license.js';
import { ManualClock } from '../testing/manual-clock.js';
import { TestIssuer } from '../testing/test-issuer.js';
import { until } from '../testing/until.js';

/** Another service's way to the same file. */
class SameFile extends WatchedStore {
  constructor(private readonly file: WatchedStore) {
    super();
  }

  override read(): string | null {
    return this.file.sealed;
  }

  override async write(sealed: string): Promise<void> {
    await super.write(sealed);
    this.file.sealed = sealed;
  }
}

describe('services that share a key file', () => {
  const clock = new ManualClock();
  let issuer: TestIssuer;
  let file: WatchedStore;
  let stores: [SameFile, SameFile];
  let one: HandMadeInstance;
  let other: HandMadeInstance;

  beforeAll(async () => {
    issuer = await TestIssuer.create('agent-os', clock);
  });
  beforeEach(() => {
    file = new WatchedStore();
    stores = [new SameFile(file), new SameFile(file)];
    one = new HandMadeInstance(issuer, clock, stores[0]);
    other = new HandMadeInstance(issuer, clock, stores[1]);
  });
  /** Lets the time pass in which what was written is read again, and what follows from it settle. */
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 50) {
      clock.advance(50);
      await new Promise(setImmediate);
    }
  };

  it('end with the highest serial, whoever writes last', async () => {
    const newest = issuer.claims().serial + 10;
    one.hear({ serial: newest });
    other.hear();
    await one.copy.save();
    await other.copy.save(); // it finds the newer one, and leaves it
    expect([other.serial, other.told]).toEqual([newest, ['accepted']]);

    const older = new HandMadeInstance(issuer, clock, new SameFile(file));
    older.hear();
    await older.copy.save();
    expect(older.serial).toBe(newest);
    expect(file.content().license).toBe(one.state.current?.signed.jws);
  });

  it('hand each other what they hear, without a network', async () => {
    one.hear();
    await one.copy.save();
    other.copy.load();
    expect(other.serial).toBe(one.serial);
    other.hear();
    await other.copy.save();
    await one.copy.save();
    expect(one.serial).toBe(other.serial);
  });

  it('keep the later of their time floors', async () => {
    one.hear({ iat: clock.wallMs() / 1000 });
    await one.copy.save();
    const floorMs = file.content().timeFloorMs;
    await pass(60_000);
    other.copy.load();
    expect(other.state.floor.valueMs).toBeGreaterThanOrEqual(floorMs);
    other.state.floor.raise(floorMs + 3_600_000);
    await other.copy.stop();
    await one.copy.stop();
    expect(one.state.floor.valueMs).toBe(floorMs + 3_600_000);
  });

  it('heal a write that was overtaken: it is read again shortly after', async () => {
    const slowDisk = new EventEmitter();
    stores[0].hold = once(slowDisk, 'ready').then(() => {});
    one.hear();
    const slow = one.copy.save(); // has looked at the file, and writes late
    await until(() => stores[0].writes === 1);
    const newest = other.hear();
    await other.copy.save();
    expect(file.content().license).toBe(newest);
    slowDisk.emit('ready');
    await slow;
    expect(file.content().license).not.toBe(newest); // the older one came last

    stores[0].hold = null;
    await pass(1000);
    expect(file.content().license).toBe(newest);
    await one.copy.save(); // its next word
    expect([one.serial, one.copy.isCurrent, other.copy.isCurrent]).toEqual([other.serial, true, true]);
  });

  it('but not their rules give up after a few tries, instead of overwriting each other for ever', async () => {
    const foreign = sealKeyFile({ license: issuer.issue({ aud: 'another-product' }), timeFloorMs: 0 }, ring);
    one.hear();
    await one.copy.save();
    for (let i = 0; i < 200; i += 1) {
      file.sealed = foreign;
      await pass(50);
    }
    expect(stores[0].writes).toBe(1 + 3);
    await one.copy.save(); // its next word
    expect([one.state.isActive(), stores[0].writes]).toEqual([true, 5]);
  });
});
