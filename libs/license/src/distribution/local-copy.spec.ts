import { HandMadeInstance, keyLine, ring, WatchedStore } from '../../test/hand-made-instance.js';
import { generateEncryptionKey } from '../issuing/keys.js';
import { parseEncryptionKeys } from '../protocol/encryption-keys.js';
import { openKeyFile, sealKeyFile } from '../protocol/sealed-license.js';
import { ManualClock } from '../testing/manual-clock.js';
import { TestIssuer } from '../testing/test-issuer.js';
import { until } from '../testing/until.js';

const hourMs = 3_600_000;

describe('the local copy', () => {
  let clock: ManualClock;
  let issuer: TestIssuer;
  let store: WatchedStore;
  let instance: HandMadeInstance;

  beforeAll(async () => {
    issuer = await TestIssuer.create();
  });
  beforeEach(() => {
    clock = new ManualClock();
    store = new WatchedStore();
    instance = restarted();
  });
  const restarted = (): HandMadeInstance => new HandMadeInstance(issuer, clock, store);
  const nowS = (): number => clock.wallMs() / 1000;

  it('is in force as soon as it is read, and not written again', async () => {
    const license = issuer.issue({ serial: 7 });
    store.sealed = sealKeyFile({ license, timeFloorMs: 0 }, ring);
    const { copy, state, told } = instance;
    copy.load();
    expect(state.current).toMatchObject({ origin: 'file', signed: { jws: license } });
    expect([state.isActive(), copy.isCurrent, copy.error]).toEqual([true, true, null]);
    await copy.save();
    expect([store.writes, told]).toEqual([0, ['accepted']]);
  });

  it('of nothing is nothing: a deployment without a license gets no file', async () => {
    instance.copy.load();
    await instance.copy.save();
    await instance.copy.stop();
    expect([store.sealed, instance.copy.isCurrent, instance.told]).toEqual([null, false, []]);
  });

  it('holds the signed license byte for byte, and the time it was at least', async () => {
    const license = instance.hear({ iat: nowS() });
    clock.advance(5_000);
    await instance.copy.save();
    expect(store.content()).toEqual({ license, timeFloorMs: clock.wallMs() });
    expect([instance.copy.isCurrent, instance.told]).toEqual([true, ['saved']]);
  });

  it('is written once for many words about the same license', async () => {
    const { copy } = instance;
    instance.hear();
    await Promise.all([copy.save(), copy.save(), copy.save()]);
    await copy.save();
    expect(store.writes).toBe(1);
  });

  it('is written again when the license changes, and when one is kept for later', async () => {
    const { copy } = instance;
    instance.hear();
    await copy.save();
    const renewed = instance.hear();
    await copy.save();
    const next = instance.hear({ nbf: nowS() + 3600 });
    expect(copy.isCurrent).toBe(false);
    await copy.save();
    expect([store.writes, store.content()]).toMatchObject([3, { license: renewed, next }]);

    const after = restarted();
    after.copy.load();
    expect([after.state.current?.signed.jws, after.state.next?.jws]).toEqual([renewed, next]);
  });

  it('is written anew at the next word when somebody removed it', async () => {
    const license = instance.hear();
    await instance.copy.save();
    store.sealed = null;
    await instance.copy.save();
    expect(store.content().license).toBe(license);
  });

  it('is sealed anew, with the first key, when that is another one now', async () => {
    store.sealed = sealKeyFile({ license: issuer.issue(), timeFloorMs: 0 }, ring);
    const keys = parseEncryptionKeys(`${generateEncryptionKey('second')},${keyLine}`);
    const { copy, state } = new HandMadeInstance(issuer, clock, store, { keys });
    copy.load();
    expect([state.isActive(), copy.isCurrent]).toEqual([true, false]);
    await copy.save();
    expect(openKeyFile(store.sealed, keys).kid).toBe('second');
  });

  it('saves the time floor every hour and at the end, and nothing in between', async () => {
    instance.copy.load();
    instance.hear({ iat: nowS() });
    await instance.copy.save();
    const beganMs = store.content().timeFloorMs;
    clock.advance(hourMs - 1);
    await instance.copy.save();
    expect(store.content().timeFloorMs).toBe(beganMs);
    clock.advance(1);
    await until(() => store.content().timeFloorMs === beganMs + hourMs);
    clock.advance(hourMs / 2);
    await instance.copy.stop();
    expect(store.content().timeFloorMs).toBe(beganMs + 1.5 * hourMs);
    expect(store.writes).toBe(3);

    clock.advance(10 * hourMs); // nothing is left running
    await instance.copy.save();
    expect(store.writes).toBe(3);
  });

  it('carries the time floor over a restart, so that a clock set back is noticed', async () => {
    instance.hear({ iat: nowS() });
    clock.advance(hourMs);
    await instance.copy.stop();
    const stoppedMs = clock.wallMs();
    clock.setWall(0);
    const { copy, state } = restarted();
    copy.load();
    expect([state.floor.nowMs(), state.floor.clockRolledBack]).toEqual([stoppedMs, true]);
  });
});
