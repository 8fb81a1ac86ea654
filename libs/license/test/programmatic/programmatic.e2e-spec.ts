import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { INestApplication } from '@nestjs/common';
import { LicenseService } from '@latchkey/license';
import {
  licenseOf,
  LicenseTestingModule,
  overrideLicense,
  type LicenseControl,
} from '@latchkey/license/testing';
import { Test } from '@nestjs/testing';

import { AppModule } from './app.module.js';
import { listOfGates } from './list-of-gates.js';
import { NightlyFlows } from './nightly-flows.js';

const guideTo = (name: string): string =>
  readFileSync(join(import.meta.dirname, `../../../../docs/guides/${name}.md`), 'utf8');
const file = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8').trim();
const blocksOf = (guide: string, language: string): string[] =>
  [...guide.matchAll(new RegExp('```' + language + '\\n(.*?)\\n```', 'gs'))].map(([, block = '']) => block);

describe('the app of the guides to limits and to the inventory', () => {
  let app: INestApplication;
  let license: LicenseControl;
  let url: string;

  beforeEach(async () => {
    const builder = Test.createTestingModule({ imports: [AppModule] });
    const testing = await overrideLicense(builder, LicenseTestingModule.community()).compile();
    app = testing.createNestApplication({ logger: false });
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
    license = licenseOf(app);
  });
  afterEach(() => app.close());

  const call = async (path: string, method = 'GET'): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(`${url}/${path}`, { method });
    return { status: response.status, body: await response.json() };
  };

  it('creates apps up to the limit, with the seats of the license', async () => {
    for (let i = 0; i < 3; i += 1) expect((await call('flows/apps', 'POST')).body).toEqual({ seats: 1 });
    expect(await call('flows/apps', 'POST')).toMatchObject({
      status: 402,
      body: { limit: 'apps', allowed: 3 },
    });
    license.issue({ features: { seats: 5 }, limits: { apps: 10 } });
    expect(await call('flows/apps', 'POST')).toEqual({ status: 201, body: { seats: 5 } });
  });

  it('explains as the guide shows', async () => {
    const { body } = await call('license/features/workflow');
    expect(blocksOf(guideTo('limits'), 'json').map((block) => JSON.parse(block) as unknown)).toEqual([body]);
  });

  it('starts its flows when a license arrives, and stops them when that is revoked', () => {
    const flows = app.get(NightlyFlows);
    expect(flows.running).toBe(false);
    license.issue({ features: { workflow: true } });
    expect(flows.running).toBe(true);
    license.revoke();
    expect(flows.running).toBe(false);
  });

  it('counts what its audit log would have refused, and lets it through to enterprise', async () => {
    expect((await call('flows/audit')).status).toBe(402);
    license.issue();
    expect((await call('flows/audit')).status).toBe(200);
    expect({ ...app.get(LicenseService).advisoryCounts }).toEqual({ 'audit-log': 2 });
  });

  it('lists its gates as the guide shows', () => {
    expect(blocksOf(guideTo('inventory'), 'text')[1]).toBe(listOfGates(app));
  });
});

describe('the code of the guides', () => {
  it.each([
    [
      'limits',
      [
        'app.module.ts',
        'apps.service.ts',
        '../../type-tests/declared/license-names.ts',
        'features.ts',
        'license-page.controller.ts',
        'nightly-flows.ts',
      ],
    ],
    ['inventory', ['flows.controller.ts', 'gates.e2e-spec.ts', 'list-of-gates.ts']],
  ])('to %s is what is compiled and run here', (name, files) => {
    expect(blocksOf(guideTo(name), 'ts')).toEqual(files.map(file));
  });
});
