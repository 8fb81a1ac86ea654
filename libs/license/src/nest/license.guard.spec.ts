import { Controller, Get } from '@nestjs/common';

import { OfflineApp } from '../../test/offline-app.js';
import type { LicenseClaims } from '../protocol/claims.js';
import { TestIssuer } from '../testing/test-issuer.js';
import { RequireEdition, RequireEnterprise, RequireFeature } from './license.decorators.js';

@Controller('routes')
class Routes {
  @Get('open')
  open(): string {
    return 'open';
  }

  @Get('enterprise')
  @RequireEnterprise()
  enterprise(): string {
    return 'enterprise';
  }

  @Get('features')
  @RequireFeature('workflow', 'audit-log')
  features(): string {
    return 'features';
  }

  @Get('stacked')
  @RequireEdition('professional')
  @RequireFeature('workflow')
  @RequireEdition('flagship')
  stacked(): string {
    return 'stacked';
  }

  @Get('inherited-name')
  @RequireFeature('constructor')
  inheritedName(): string {
    return 'never';
  }
}

@Controller('class')
@RequireEdition('professional')
class GatedClass {
  @Get('plain')
  plain(): string {
    return 'plain';
  }

  @Get('both')
  @RequireFeature('workflow')
  both(): string {
    return 'both';
  }
}

@Controller('child')
class Child extends GatedClass {}

@Controller('stricter')
@RequireFeature('audit-log')
class StricterChild extends GatedClass {}

const refusedFor = (required: Record<string, string>) => ({ status: 402, body: required });

describe('the guard, over HTTP', () => {
  let issuer: TestIssuer;
  let app: OfflineApp;

  beforeAll(async () => {
    issuer = await TestIssuer.create();
    app = await new OfflineApp(issuer, {}, [Routes, GatedClass, Child, StricterChild]).start();
  });
  afterAll(() => app.stop());

  /** What each path answers: its text, or what it says is missing. */
  const answersWith = async (claims: Partial<LicenseClaims>, ...paths: string[]): Promise<unknown[]> => {
    app.clock.advance(1000); // broadcasts are opened at a bounded rate
    app.source.broadcast(issuer.issue(claims));
    return await Promise.all(
      paths.map(async (path) => {
        const { status, body } = await app.app.get(path);
        return status === 200 ? 'ok' : (body['requiredEdition'] ?? body['requiredFeature']);
      }),
    );
  };

  it('lets everything through that requires nothing', async () => {
    expect(await answersWith({ edition: 'community' }, 'routes/open')).toEqual(['ok']);
  });

  it('passes an edition and those above it', async () => {
    const passing = [];
    for (const edition of ['community', 'professional', 'enterprise', 'flagship']) {
      passing.push(...(await answersWith({ edition }, 'routes/enterprise')));
    }
    expect(passing).toEqual(['enterprise', 'enterprise', 'ok', 'ok']);
  });

  it.each<[string, Record<string, true | string | number>, unknown]>([
    ['both', { workflow: true, 'audit-log': true }, 'ok'],
    ['values, also falsy ones: it is the name that counts', { workflow: 0, 'audit-log': '' }, 'ok'],
    ['the first only', { workflow: true }, 'audit-log'],
    ['none', {}, 'workflow'],
  ])('requires every one of several features: a license with %s', async (_what, features, expected) => {
    expect(await answersWith({ features }, 'routes/features')).toEqual([expected]);
  });

  it('applies every decorator of a handler', async () => {
    const path = 'routes/stacked';
    expect(await answersWith({ edition: 'flagship' }, path)).toEqual(['workflow']);
    expect(await answersWith({ features: { workflow: true } }, path)).toEqual(['flagship']);
    expect(await answersWith({ edition: 'flagship', features: { workflow: true } }, path)).toEqual(['ok']);
  });

  it('applies what the class requires and what the handler requires', async () => {
    const paths = ['class/plain', 'class/both'];
    expect(await answersWith({ edition: 'community', features: { workflow: true } }, ...paths)).toEqual([
      'professional',
      'professional',
    ]);
    expect(await answersWith({}, ...paths)).toEqual(['ok', 'workflow']);
    expect(await answersWith({ features: { workflow: true } }, ...paths)).toEqual(['ok', 'ok']);
  });

  it('applies what a class inherits, and what it adds', async () => {
    const paths = ['child/plain', 'child/both', 'stricter/plain', 'stricter/both'];
    expect(await answersWith({ edition: 'community', features: { 'audit-log': true } }, ...paths)).toEqual(
      Array(4).fill('professional'),
    );
    expect(await answersWith({}, ...paths)).toEqual(['ok', 'workflow', 'audit-log', 'audit-log']);
    expect(await answersWith({ features: { 'audit-log': true } }, ...paths)).toEqual([
      'ok',
      'workflow',
      'ok',
      'workflow',
    ]);
    expect(await answersWith({ features: { 'audit-log': true, workflow: true } }, ...paths)).toEqual(
      Array(4).fill('ok'),
    );
  });

  it('does not take the names that every object has for features', async () => {
    expect(await answersWith({}, 'routes/inherited-name')).toEqual(['constructor']);
  });

  it('leaves the decorators of one class out of the others', async () => {
    expect(await answersWith({ edition: 'professional' }, 'class/plain', 'child/plain')).toEqual([
      'ok',
      'ok',
    ]);
    expect(await app.app.get('stricter/plain')).toMatchObject(refusedFor({ requiredFeature: 'audit-log' }));
  });
});
