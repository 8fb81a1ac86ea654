import type { DynamicModule } from '@nestjs/common';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { GraphQLModule } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import { TestIssuer } from '@latchkey/license/testing';

import { describeTransport, type CalledApp } from './describe-transport.js';
import { errorShapes } from './error-shapes.js';
import { GatedReports, Operations, Reports } from './graphql-resolvers.js';
import { httpApp, seen, urlOf, type Platform } from './http-app.js';
import { LicenseByHand } from './license-by-hand.js';
import { refusalBodies } from './refusal-bodies.js';

interface GraphqlApp extends CalledApp {
  query(query: string): Promise<unknown>;
}

const apollo = (fieldResolverEnhancers: 'guards'[] = ['guards']): DynamicModule =>
  GraphQLModule.forRoot<ApolloDriverConfig>({
    driver: ApolloDriver,
    autoSchemaFile: true,
    fieldResolverEnhancers,
    includeStacktraceInErrorResponses: false,
  });
const mercurius = (): DynamicModule =>
  GraphQLModule.forRoot<MercuriusDriverConfig>({
    driver: MercuriusDriver,
    autoSchemaFile: true,
    fieldResolverEnhancers: ['guards'],
  });

const startWith =
  (driver: () => DynamicModule, platform: Platform) =>
  async (license: LicenseByHand): Promise<GraphqlApp> => {
    const parts = { imports: [driver()], providers: [Operations, Reports, GatedReports] };
    const app = await httpApp(license, parts, platform);
    const url = `${await urlOf(app)}/graphql`;
    const headers = { 'content-type': 'application/json' };
    const query = async (text: string): Promise<unknown> => {
      const { status, body } = await seen(
        await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query: text }) }),
      );
      return { status, body };
    };
    return { query, call: (operation) => query(`{ ${operation} }`), stop: () => app.close() };
  };

const drivers = {
  'Apollo on Express': startWith(apollo, 'Express'),
  'Mercurius on Fastify': startWith(mercurius, 'Fastify'),
};

describe('GraphQL', () => {
  describeTransport('with Apollo on Express', errorShapes.graphql, drivers['Apollo on Express']);
  describeTransport('with Mercurius on Fastify', errorShapes.graphql, drivers['Mercurius on Fastify']);
});

describe.each(Object.entries(drivers))('a GraphQL field, with %s', (_driver, start) => {
  let license: LicenseByHand;
  let app: GraphqlApp;

  beforeEach(async () => {
    license = new LicenseByHand(await TestIssuer.create());
    app = await start(license);
    license.isAbsent();
  });
  afterEach(() => app.stop());

  const refusedAt = (...path: string[]): unknown =>
    expect.objectContaining({ path, extensions: refusalBodies.absent });

  it('is refused alone: the rest of the answer comes', async () => {
    const query = '{ report { title forecast } }';
    expect(await app.query(query)).toEqual({
      status: 200,
      body: {
        data: { report: { title: 'Costs', forecast: null } },
        errors: [refusedAt('report', 'forecast')],
      },
    });
    license.arrives();
    expect(await app.query(query)).toEqual({
      status: 200,
      body: { data: { report: { title: 'Costs', forecast: 'Costs will rise' } } },
    });
  });

  it('of a gated resolver is refused, also below a query that is open', async () => {
    expect(await app.query('{ openReport { title history } }')).toEqual({
      status: 200,
      body: {
        data: { openReport: { title: 'Costs', history: null } },
        errors: [refusedAt('openReport', 'history')],
      },
    });
  });
});

it('a gated GraphQL field keeps the app from starting without fieldResolverEnhancers: it would have no guard', async () => {
  const license = new LicenseByHand(await TestIssuer.create());
  await expect(startWith(() => apollo([]), 'Express')(license)).rejects.toMatchObject({
    problems: [
      expect.stringContaining('Reports.forecast: '),
      expect.stringContaining("set fieldResolverEnhancers: ['guards']"),
    ],
  });
});
