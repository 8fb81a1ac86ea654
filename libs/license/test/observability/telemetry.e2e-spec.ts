import { Module, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import { TestIssuer, until } from '@latchkey/license/testing';
import { context, metrics, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';

import { OfflineApp } from '../offline-app.js';
import { LicenseTelemetry } from './license.telemetry.js';

/** A span per request, as an instrumentation of HTTP makes them. */
function spans(
  { originalUrl }: { originalUrl: string },
  response: { on(event: 'finish', listener: () => void): void },
  next: () => void,
): void {
  trace.getTracer('http').startActiveSpan(originalUrl, (span) => {
    response.on('finish', () => span.end());
    next();
  });
}

@Module({ providers: [LicenseTelemetry] })
class TelemetryModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(spans).forRoutes('{*path}');
  }
}

describe('a license in OpenTelemetry, with the recipe of the guide', () => {
  const finished = new InMemorySpanExporter();
  const exported = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: exported, exportIntervalMillis: 1_000_000 });
  const meters = new MeterProvider({ readers: [reader] });
  let issuer: TestIssuer;
  let app: OfflineApp;

  beforeAll(async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    trace.setGlobalTracerProvider(
      new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(finished)] }),
    );
    metrics.setGlobalMeterProvider(meters);
    issuer = await TestIssuer.create();
    app = await new OfflineApp(issuer, {}, undefined, [TelemetryModule]).start();
  });
  afterAll(async () => {
    await app.stop();
    await meters.shutdown();
    for (const api of [context, trace, metrics]) api.disable();
  });

  /** What an export says of one metric: value and attributes of each point. */
  const points = async (name: string) => {
    exported.reset();
    await reader.forceFlush();
    const all = exported
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
    const metric = all.find(({ descriptor }) => descriptor.name === name);
    return (metric?.dataPoints ?? []).map(({ value, attributes }) => ({ value, attributes }));
  };

  it('has gauges that say what is in force at each export', async () => {
    app.source.lose();
    expect(await points('license.active')).toEqual([{ value: 0, attributes: {} }]);
    expect(await points('license.expires')).toEqual([{ value: 0, attributes: {} }]);
    const claims = issuer.claims();
    app.source.broadcast(issuer.issue(claims));
    expect(await points('license.active')).toEqual([{ value: 1, attributes: {} }]);
    expect(await points('license.expires')).toEqual([{ value: claims.exp, attributes: {} }]);
  });

  it('counts the changes', async () => {
    const states = (await points('license.changes')).map(({ attributes }) => attributes['state']);
    expect(states).toEqual(expect.arrayContaining(['absent', 'active']));
  });

  it('adds each refusal to the span of the request that is refused, and to no other', async () => {
    const refused = { code: 'LICENSE_FEATURE_REQUIRED', reason: 'not-entitled', advisory: false };
    await Promise.all(['workflow', 'enterprise', 'workflow', 'open'].map((path) => app.app.get(path)));
    await until(() => finished.getFinishedSpans().length >= 4);
    const seen = finished.getFinishedSpans().map(({ name, events, attributes }) => ({
      name,
      events: events.map((event) => ({ name: event.name, attributes: event.attributes })),
      edition: attributes['license.edition'],
    }));
    const told = { events: [{ name: 'license.refused', attributes: refused }], edition: 'enterprise' };
    const silent = { events: [], edition: undefined };
    expect(seen.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual([
      { name: '/enterprise', ...silent },
      { name: '/open', ...silent },
      { name: '/workflow', ...told },
      { name: '/workflow', ...told },
    ]);
    expect(await points('license.refusals')).toEqual([{ value: 2, attributes: refused }]);
  });
});
