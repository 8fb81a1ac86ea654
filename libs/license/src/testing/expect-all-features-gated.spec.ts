import { Controller, Get, Injectable, Inject, Module, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { LicenseModule, LicenseService, RequireEnterprise, RequireFeature } from '@latchkey/license';
import { expectAllFeaturesGated } from '@latchkey/license/testing';

import { refusalOf } from './throws-with-code.js';

@Controller('flows')
class Flows {
  @Get()
  @RequireFeature('workflow')
  list(): string {
    return 'ok';
  }

  @Get('audit')
  @RequireEnterprise()
  @RequireFeature('audit-logs')
  audit(): string {
    return 'ok';
  }
}

@Injectable()
class Exports {
  constructor(@Inject(LicenseService) readonly license: LicenseService) {}
}

describe('expectAllFeaturesGated()', () => {
  let app: INestApplication;
  beforeAll(async () => {
    @Module({
      imports: [LicenseModule.forRoot({ environment: {} })],
      controllers: [Flows],
      providers: [Exports],
    })
    class Root {}
    app = await NestFactory.create(Root, { logger: false, abortOnError: false });
    await app.init();
  });
  afterAll(() => app.close());

  it('passes when every feature has a gate, or is said to be asked for in code', () => {
    expect(() => expectAllFeaturesGated(app, ['workflow', 'audit-logs'])).not.toThrow();
    const features = ['workflow', 'audit-logs', 'export'];
    expect(() => expectAllFeaturesGated(app, features, { inCode: ['export'] })).not.toThrow();
  });

  it('fails with every feature that has none, and every gate whose feature is not sold', () => {
    const failure = refusalOf(() =>
      expectAllFeaturesGated(app, ['workflow', 'audit-log', 'export', 'sso'], { inCode: ['exports', 'sso'] }),
    );
    expect(failure?.problems).toEqual([
      "audit-log: no handler requires it: add @RequireFeature('audit-log') to its handlers, or name it in { inCode: ['audit-log'] }",
      "export: no handler requires it: add @RequireFeature('export') to its handlers, or name it in { inCode: ['export'] }",
      'Flows.audit (GET /flows/audit): it requires audit-logs, which is no licensed feature; did you mean audit-log?',
      'inCode: exports is no licensed feature; did you mean export?',
    ]);
    for (const problem of failure?.problems ?? []) expect(failure?.message).toContain(`\n- ${problem}`);
  });

  it('is not satisfied with an empty list', () => {
    expect(refusalOf(() => expectAllFeaturesGated(app, []))?.problems[0]).toContain('found none');
  });
});
