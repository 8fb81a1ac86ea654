import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { INestApplication } from '@nestjs/common';
import { LicenseInventory, LicenseService } from '@latchkey/license';
import {
  expectAllFeaturesGated,
  licenseOf,
  LicenseTestingModule,
  overrideLicense,
} from '@latchkey/license/testing';
import { Test } from '@nestjs/testing';

import { OldLicenseServer } from './old-license-server.js';
import { features } from './plans.js';
import { steps } from './steps.js';

const guide = readFileSync(join(import.meta.dirname, '../../../../docs/guides/migration.md'), 'utf8');
const blocksOf = (language: string): string[] =>
  [...guide.matchAll(new RegExp('```' + language + '\\n(.*?)\\n```', 'gs'))].map(([, block = '']) => block);

describe('an app with a hand-made license guard', () => {
  const old = new OldLicenseServer();
  let app: INestApplication;
  let url: string;
  let warnings: string[];

  beforeEach(async () => {
    old.asked = 0;
    old.license = { plan: 'free', features: [] };
    await old.start();
  });
  afterEach(async () => {
    await app.close();
    await old.stop();
  });

  async function start(step: keyof typeof steps, license = LicenseTestingModule.community()): Promise<void> {
    const builder = Test.createTestingModule(steps[step]());
    const module = await overrideLicense(builder, license).compile();
    warnings = [];
    app = module.createNestApplication({ forceCloseConnections: true });
    app.useLogger({ log() {}, error() {}, warn: (message: string) => warnings.push(message) });
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  }

  const get = async (path: string): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(`${url}/${path}`);
    const text = await response.text();
    return { status: response.status, body: text.startsWith('{') ? (JSON.parse(text) as unknown) : text };
  };
  const statuses = async (): Promise<number[]> => {
    const paths = ['reports', 'reports/forecast', 'exports', 'exports/one'];
    return Promise.all(paths.map(async (path) => (await get(path)).status));
  };
  const graphql = async (): Promise<unknown> => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ reports }"}',
    });
    return response.json();
  };
  const advisoryCounts = (): unknown => ({ ...app.get(LicenseService).advisoryCounts });

  describe('as it is', () => {
    it('asks its license server on every call', async () => {
      old.license = { plan: 'free', features: ['reports'] };
      await start('with the hand-made guard');
      for (let i = 0; i < 3; i += 1) expect((await get('reports')).status).toBe(200);
      expect(old.asked).toBe(3);
    });

    it('answers 500 to those who paid when its license server is down', async () => {
      old.license = { plan: 'business', features: ['reports'] };
      await start('with the hand-made guard');
      await old.stop();
      expect(await get('reports')).toMatchObject({ status: 500, body: { message: 'Internal server error' } });
    });

    it('fails in GraphQL, with a license too', async () => {
      old.license = { plan: 'business', features: ['reports'] };
      await start('with the hand-made guard');
      const code = 'INTERNAL_SERVER_ERROR';
      expect(await graphql()).toMatchObject({ data: null, errors: [{ extensions: { code } }] });
    });
  });

  describe('with the new module beside it', () => {
    it.each([
      { license: { plan: 'free', features: [] }, expected: [403, 403, 403, 403] },
      { license: { plan: 'free', features: ['reports'] }, expected: [200, 403, 403, 403] },
      { license: { plan: 'business', features: ['export'] }, expected: [403, 200, 200, 200] },
    ] as const)('answers as before: $license', async ({ license, expected }) => {
      old.license = license;
      for (const step of [
        'with the hand-made guard',
        'beside it',
        'counting',
        'counting per route',
      ] as const) {
        await start(step);
        expect(await statuses()).toEqual(expected);
        await app.close();
      }
    });

    it.each([{ step: 'counting' }, { step: 'counting per route' }] as const)(
      'counts what only the new gates would have refused, and lets it through: $step',
      async ({ step }) => {
        old.license = { plan: 'free', features: ['reports'] };
        await start(step);
        expect((await get('reports')).status).toBe(200);
        old.license = { plan: 'free', features: [] };
        expect((await get('reports')).status).toBe(403); // by the old guard, so the new gate was not asked
        old.license = { plan: 'free', features: ['reports'] };
        expect(advisoryCounts()).toEqual({ reports: 1, export: 0 });
        licenseOf(app).issue({ edition: 'free', features: { reports: true } });
        expect((await get('reports')).status).toBe(200);
        expect(advisoryCounts()).toEqual({ reports: 1, export: 0 });
      },
    );
  });

  describe('with either license', () => {
    it('asks the old license server only where the new license is not enough', async () => {
      await start('with either license', LicenseTestingModule.licensed({ edition: 'business' }));
      expect((await get('reports/forecast')).status).toBe(200);
      expect(old.asked).toBe(0);
      expect((await get('reports')).status).toBe(403);
      expect(old.asked).toBe(1);
    });

    it('says which names only the old license grants', async () => {
      old.license = { plan: 'business', features: ['reports'] };
      await start('with either license');
      expect(await statuses()).toEqual([200, 200, 200, 403]);
      expect(await statuses()).toEqual([200, 200, 200, 403]);
      expect(advisoryCounts()).toEqual({ reports: 2, export: 0 });
      const said = warnings.filter((warning) => warning.startsWith('Only the old license grants business'));
      expect(said).toEqual([
        'Only the old license grants business. The business edition is off: this deployment runs free (no license key found).',
      ]);
    });

    it('works in GraphQL', async () => {
      await start('with either license', LicenseTestingModule.licensed({ features: { reports: true } }));
      expect(await graphql()).toEqual({ data: { reports: ['sales'] } });
    });
  });

  describe('afterwards', () => {
    it('refuses with the status that clients know, and a body of its own', async () => {
      await start('afterwards');
      expect(await statuses()).toEqual([403, 403, 403, 403]);
      expect(await get('reports')).toEqual({
        status: 403,
        body: {
          statusCode: 403,
          error: 'License Required',
          code: 'LICENSE_FEATURE_REQUIRED',
          message:
            'This operation requires the feature reports; this deployment runs free (no license key found).',
          requiredFeature: 'reports',
          edition: 'free',
          reason: 'absent',
        },
      });
      expect(await graphql()).toMatchObject({
        errors: [{ extensions: { code: 'LICENSE_FEATURE_REQUIRED' } }],
      });
    });

    it('grants by the new license alone, without a call to anybody', async () => {
      const license = { edition: 'business', features: { export: true } } as const;
      await start('afterwards', LicenseTestingModule.licensed(license));
      await old.stop();
      expect(await statuses()).toEqual([403, 200, 200, 200]);
      licenseOf(app).issue({ edition: 'pro', features: { reports: true } });
      expect(await statuses()).toEqual([200, 403, 403, 403]);
      expect(await graphql()).toEqual({ data: { reports: ['sales'] } });
      expect(old.asked).toBe(0);
    });

    it('still answers 503 while nobody knows yet', async () => {
      await start('afterwards', LicenseTestingModule.pending());
      expect((await get('reports')).status).toBe(503);
    });

    it('has a gate for everything that is sold', async () => {
      await start('afterwards');
      expect(() => expectAllFeaturesGated(app, features)).not.toThrow();
      const gates = app.get(LicenseInventory).gates();
      const lines = gates.map(({ kind, pattern, requirements }) => {
        const needs = requirements.map((one) => (one.kind === 'edition' ? one.edition : one.feature));
        return `${kind} ${pattern}: ${needs.join(' + ')}`;
      });
      expect(lines.toSorted()).toEqual([
        'GET /exports/one: export',
        'GET /exports: business',
        'GET /reports/forecast: business',
        'GET /reports: reports',
        'query reports: reports',
      ]);
    });
  });

  it('answers both times as the guide shows', async () => {
    const bodies: unknown[] = [];
    for (const step of ['with the hand-made guard', 'afterwards'] as const) {
      await start(step);
      bodies.push((await get('reports')).body);
      await app.close();
    }
    expect(blocksOf('json').map((block) => JSON.parse(block) as unknown)).toEqual(bodies);
  });
});

describe('the code of the guide to migration', () => {
  const sources = readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `\n${readFileSync(join(import.meta.dirname, file), 'utf8')}`);

  const blocks = blocksOf('ts').map((block) => ({ block, firstLine: block.split('\n')[0] }));

  it.each(blocks)('is what is compiled and run here: $firstLine', ({ block }) => {
    const places = [0, 2, 4, 6].map((indent) => `\n${block.replaceAll(/^(?=.)/gm, ' '.repeat(indent))}\n`);
    expect(sources.some((source) => places.some((place) => source.includes(place)))).toBe(true);
  });
});
