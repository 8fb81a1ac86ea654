import { ring, WatchedStore } from '../../test/hand-made-instance.js';
import { OfflineApp } from '../../test/offline-app.js';
import { LicenseError } from '../core/errors.js';
import { sealKeyFile } from '../protocol/sealed-license.js';
import { TestIssuer } from '../testing/test-issuer.js';
import { until } from '../testing/until.js';

const minuteMs = 60_000;

/** A disk that gives nothing while it is told not to. */
class FlakyStore extends WatchedStore {
  isReadable = false;
  reads = 0;

  override read(): string | null {
    this.reads += 1;
    if (!this.isReadable) throw new LicenseError('FILE_UNREADABLE', 'key file: cannot be read (EIO)');
    return super.read();
  }
}

describe('an instance whose key file cannot be read when it starts', () => {
  let issuer: TestIssuer;
  let store: FlakyStore;
  let app: OfflineApp;

  beforeAll(async () => {
    issuer = await TestIssuer.create();
  });
  beforeEach(async () => {
    store = new FlakyStore(sealKeyFile({ license: issuer.issue(), timeFloorMs: 0 }, ring));
    app = await new OfflineApp(issuer, { adapters: { store } }).start();
    app.source.lose(); // everything else is down
  });
  afterEach(() => app.stop());

  it('is up, says why it is not licensed, and leaves the file alone', async () => {
    expect(await app.app.get('open')).toMatchObject({ status: 200 });
    expect(await app.app.get('enterprise')).toMatchObject({ status: 402 });
    expect(app.license.status.lastRefusal?.message).toBe('key file: cannot be read (EIO)');
    app.clock.advance(10 * minuteMs);
    const lines = app.log.take().filter((line) => line.includes('EIO'));
    expect(lines).toEqual(['warn: not taken (FILE_UNREADABLE): key file: cannot be read (EIO)']);
    expect(store.writes).toBe(0);
  });

  it('is licensed a minute after the file can be read again, with everything else still down', async () => {
    app.clock.advance(5 * minuteMs);
    store.isReadable = true;
    app.clock.advance(minuteMs);
    await until(() => app.license.active);
    expect(app.license.status).toMatchObject({ source: 'file', persisted: true });

    const { reads } = store;
    app.clock.advance(30 * minuteMs);
    await new Promise(setImmediate);
    expect([store.reads, store.writes]).toEqual([reads, 0]); // what did not fail is not tried again
  });

  it('saves what it heard meanwhile a minute after the disk can be written again', async () => {
    store.isReadable = true;
    app.clock.advance(minuteMs);
    await until(() => app.license.active);
    store.failure = new LicenseError('FILE_NOT_WRITTEN', 'key file: cannot be written (EROFS)');
    app.source.broadcast(issuer.issue());
    await until(() => app.license.status.persistError !== null);
    store.failure = null;
    app.clock.advance(minuteMs);
    await until(() => app.license.status.persisted);
    expect(app.license.status.persistError).toBeNull();
  });
});
