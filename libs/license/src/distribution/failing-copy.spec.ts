import { HandMadeInstance, ring, WatchedStore } from '../../test/hand-made-instance.js';
import { LicenseError } from '../core/errors.js';
import { sealKeyFile } from '../protocol/sealed-license.js';
import { ManualClock } from '../testing/manual-clock.js';
import { TestIssuer } from '../testing/test-issuer.js';

describe('a local copy', () => {
  const clock = new ManualClock();
  let issuer: TestIssuer;
  let store: WatchedStore;
  let instance: HandMadeInstance;

  beforeAll(async () => {
    issuer = await TestIssuer.create('agent-os', clock);
  });
  beforeEach(() => {
    store = new WatchedStore();
    instance = new HandMadeInstance(issuer, clock, store);
  });

  it('that cannot be saved is reported, costs nothing in force, and is tried again at the next word', async () => {
    const { copy, state } = instance;
    store.failure = new LicenseError('FILE_NOT_WRITTEN', 'no space left');
    instance.hear();
    await copy.save();
    expect([state.isActive(), copy.isCurrent, copy.error]).toEqual([true, false, store.failure]);
    await copy.save();
    store.failure = null;
    await copy.save();
    expect([copy.isCurrent, copy.error]).toEqual([true, null]);
    expect(instance.told).toEqual(['not saved FILE_NOT_WRITTEN', 'not saved FILE_NOT_WRITTEN', 'saved']);
  });

  it('that was saved, but not the last time, is not taken for saved', async () => {
    const { copy } = instance;
    instance.hear();
    await copy.save();
    store.failure = new LicenseError('FILE_NOT_WRITTEN', 'no space left');
    await copy.stop(); // for the time floor
    expect(copy.error).toBe(store.failure);
    store.failure = null;
    await copy.save();
    expect(copy.error).toBeNull();
  });

  it('never rejects, also when a store throws what it should not', async () => {
    store.failure = new TypeError('a bug');
    instance.hear();
    await instance.copy.save();
    expect(instance.copy.error).toMatchObject({ code: 'FILE_NOT_WRITTEN', cause: store.failure });
  });

  it('that is damaged is reported once, put aside, and overwritten by the next word', async () => {
    const { copy, told } = instance;
    store.sealed = 'damaged';
    copy.load();
    await copy.save();
    expect([told, store.sealed, store.setAside]).toEqual([['unusable MALFORMED'], 'damaged', 0]);
    const license = instance.hear();
    await copy.save();
    expect([store.content().license, store.setAside]).toEqual([license, 1]);
    instance.hear();
    await copy.save();
    expect([store.setAside, told]).toEqual([1, ['unusable MALFORMED', 'saved', 'saved']]);
  });

  it('that somebody damages while the service runs is healed by the next word', async () => {
    const { copy, state } = instance;
    const license = instance.hear();
    await copy.save();
    store.sealed = 'damaged';
    await copy.save();
    expect([store.content().license, store.setAside, state.isActive()]).toEqual([license, 1, true]);
  });

  it('that nobody it trusts has signed is put aside too: another version may trust them', async () => {
    const stranger = await TestIssuer.create('agent-os', clock);
    store.sealed = sealKeyFile({ license: stranger.issue(), timeFloorMs: 0 }, ring);
    const { copy, state, told } = instance;
    copy.load();
    expect([told, state.current]).toEqual([['KEY_UNKNOWN'], null]);
    instance.hear();
    await copy.save();
    expect(store.setAside).toBe(1);
  });

  it.each([
    ['for another product', { aud: 'other' }, 'PRODUCT_MISMATCH'],
    ['that has ended', { iat: 1, exp: 2 }, 'EXPIRED'],
  ])('of a license %s says so, and is overwritten without a fuss', async (_what, changes, code) => {
    store.sealed = sealKeyFile({ license: issuer.issue(changes), timeFloorMs: 0 }, ring);
    const { copy, told } = instance;
    copy.load();
    expect(told).toEqual([code]);
    const license = instance.hear();
    await copy.save();
    expect([store.content().license, store.setAside]).toEqual([license, 0]);
  });

  it('that cannot even be read is reported, and what is heard is in force all the same', async () => {
    store.read = () => {
      throw new LicenseError('FILE_UNREADABLE', 'a directory is in the way');
    };
    instance.copy.load();
    expect(instance.told).toEqual(['unusable FILE_UNREADABLE']);
    instance.hear();
    await instance.copy.save();
    expect([instance.state.isActive(), store.setAside]).toEqual([true, 1]);
  });
});
