import { HandMadeInstance, ring, WatchedStore } from '../../test/hand-made-instance.js';
import { OfflineApp } from '../../test/offline-app.js';
import { sealKeyFile } from '../protocol/sealed-license.js';
import { TestIssuer } from '../testing/test-issuer.js';
import { until } from '../testing/until.js';

describe('services that share a key file, but not their product', () => {
  it('do not write it again and again', async () => {
    const issuer = await TestIssuer.create();
    const store = new WatchedStore();
    const app = await new OfflineApp(issuer, { adapters: { store } }).start();
    try {
      const stranger = new HandMadeInstance(issuer, app.clock, store, { product: 'another' });
      app.source.broadcast(issuer.issue());
      await until(() => store.writes === 1);
      for (let i = 0; i < 20; i += 1) {
        store.sealed = sealKeyFile({ license: stranger.hear(), timeFloorMs: 0 }, ring);
        app.clock.advance(1000);
        await new Promise(setImmediate);
      }
      expect(store.writes).toBeLessThanOrEqual(4);
    } finally {
      await app.stop();
    }
  });
});
