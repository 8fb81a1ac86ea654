import { Controller, Get } from '@nestjs/common';
import type { RefusalEvent } from '@latchkey/license';

import { OfflineApp } from '../../test/offline-app.js';
import { TestIssuer } from '../testing/test-issuer.js';
import { RequireEdition, RequireFeature } from './license.decorators.js';

const dayMs = 24 * 60 * 60 * 1000;

@Controller('gated')
@RequireFeature('audit-log')
class GatedClass {
  @Get()
  @RequireEdition('community')
  get(): string {
    return 'ok';
  }
}

@Controller()
class Routes {
  @Get('audit')
  @RequireFeature('audit-log')
  audit(): string {
    return 'ok';
  }

  @Get('both')
  @RequireFeature('audit-log', 'workflow')
  both(): string {
    return 'ok';
  }

  @Get('stacked')
  @RequireEdition('community')
  @RequireFeature('audit-log')
  @RequireEdition('community')
  stacked(): string {
    return 'ok';
  }

  @Get('edition')
  @RequireEdition('flagship')
  edition(): string {
    return 'ok';
  }
}

describe('a feature in advisory mode', () => {
  let issuer: TestIssuer;
  let app: OfflineApp;
  let seen: RefusalEvent[];

  beforeAll(async () => {
    issuer = await TestIssuer.create();
  });
  beforeEach(async () => {
    app = await new OfflineApp(issuer, { advisory: ['audit-log', 'flagship'] }, [Routes, GatedClass]).start();
    app.source.lose();
    app.log.take();
    seen = [];
  });
  afterEach(() => app.stop());
  const statusOf = async (path: string): Promise<number> => (await app.app.get(path)).status;

  it('is counted where it would have been refused, and let through', async () => {
    expect({ ...app.license.advisoryCounts }).toEqual({ 'audit-log': 0, flagship: 0 });
    expect([await statusOf('audit'), await statusOf('audit')]).toEqual([200, 200]);
    expect({ ...app.license.advisoryCounts }).toEqual({ 'audit-log': 2, flagship: 0 });
    expect(Object.isFrozen(app.license.advisoryCounts)).toBe(true);
  });

  it('is counted once per call, however many decorators bring a guard', async () => {
    app.license.refusals$.subscribe((event) => seen.push(event));
    expect([await statusOf('stacked'), await statusOf('gated')]).toEqual([200, 200]);
    expect([app.license.advisoryCounts['audit-log'], seen.length]).toEqual([2, 2]);
  });

  it('is told to who listens, with the answer it would have given', async () => {
    app.license.refusals$.subscribe((event) => seen.push(event));
    await statusOf('audit');
    expect(seen).toEqual([
      {
        demand: { kind: 'feature', feature: 'audit-log' },
        body: expect.objectContaining({
          statusCode: 402,
          requiredFeature: 'audit-log',
          reason: 'absent',
        }) as unknown,
        advisory: true,
      },
    ]);
  });

  it('is logged once a day', async () => {
    for (let i = 0; i < 3; i += 1) await statusOf('audit');
    const line =
      'warn: the feature audit-log is not licensed here and in advisory mode: its gates let calls through and count them';
    expect(app.log.take()).toEqual([line]);
    app.clock.advance(dayMs);
    app.log.take();
    await statusOf('audit');
    await statusOf('audit');
    expect(app.log.take()).toEqual([line]);
  });

  it('does not open what else a gate requires, nor an edition of that name', async () => {
    expect([await statusOf('both'), await statusOf('edition')]).toEqual([402, 402]);
    expect({ ...app.license.advisoryCounts }).toEqual({ 'audit-log': 1, flagship: 0 });
  });

  it('is not there in code, which is told the truth, and why its gates are open', () => {
    expect([app.license.hasFeature('audit-log'), app.license.feature('audit-log')]).toEqual([
      false,
      undefined,
    ]);
    expect(app.license.explain('audit-log')).toEqual({
      granted: false,
      reason: 'absent',
      message:
        'The feature audit-log is off: this deployment runs community (no license key found); ' +
        'its gates let calls through all the same, and count them (advisory mode).',
      advisory: true,
    });
  });

  it('is not counted where a license grants it', async () => {
    app.license.refusals$.subscribe((event) => seen.push(event));
    app.source.broadcast(issuer.issue({ features: { 'audit-log': true } }));
    expect(await statusOf('audit')).toBe(200);
    expect([app.license.advisoryCounts['audit-log'], seen.length]).toEqual([0, 0]);
    expect(app.license.explain('audit-log')).toMatchObject({ granted: true, advisory: false });
  });
});
