import type { RefusalEvent } from '@latchkey/license';

import { OfflineApp } from '../../test/offline-app.js';
import { TestIssuer } from '../testing/test-issuer.js';

describe('the refusals of an application', () => {
  let issuer: TestIssuer;
  let app: OfflineApp;
  let seen: RefusalEvent[];
  let completed: boolean;

  beforeAll(async () => {
    issuer = await TestIssuer.create();
  });
  beforeEach(async () => {
    app = await new OfflineApp(issuer, { community: { limits: { apps: 1 } } }).start();
    app.source.lose();
    seen = [];
    completed = false;
  });
  afterEach(() => app.stop());
  const listen = () =>
    app.license.refusals$.subscribe({
      next: (event) => seen.push(event),
      complete: () => (completed = true),
    });

  it('tell what was demanded and what the answer was', async () => {
    listen();
    const { body } = await app.app.get('enterprise');
    await app.app.get('workflow');
    expect(seen).toEqual([
      { demand: { kind: 'edition', edition: 'enterprise' }, body, advisory: false },
      {
        demand: { kind: 'feature', feature: 'workflow' },
        body: expect.objectContaining({ code: 'LICENSE_FEATURE_REQUIRED', reason: 'absent' }) as unknown,
        advisory: false,
      },
    ]);
    expect(Object.isFrozen(seen[0])).toBe(true);
  });

  it('tell of limits, too', () => {
    listen();
    expect(() => app.license.assertWithinLimit('apps', 2)).toThrow('the limit of 1 apps');
    expect(seen.map(({ demand }) => demand)).toEqual([{ kind: 'limit', limit: 'apps', allowed: 1 }]);
  });

  it('say nothing of what is allowed, nor of what was before somebody listened', async () => {
    await app.app.get('enterprise');
    const listening = listen();
    app.source.broadcast(issuer.issue({ features: { workflow: true } }));
    for (const path of ['open', 'enterprise', 'workflow']) await app.app.get(path);
    expect(seen).toEqual([]);
    listening.unsubscribe();
    app.license.check({ kind: 'edition', edition: 'flagship' });
    expect(seen).toEqual([]);
  });

  it('end when the application closes, and cannot be made up by who listens', async () => {
    listen();
    expect('next' in app.license.refusals$).toBe(false);
    await app.stop();
    expect(completed).toBe(true);
  });
});
