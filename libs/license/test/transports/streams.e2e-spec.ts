import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';

import { Controller, Get, Sse, StreamableFile, type MessageEvent } from '@nestjs/common';
import { RequireEnterprise } from '@latchkey/license';
import { TestIssuer, until } from '@latchkey/license/testing';
import { finalize, map, timer, type Observable } from 'rxjs';

import { errorShapes } from './error-shapes.js';
import { httpApp, seen, urlOf, type Platform } from './http-app.js';
import { LicenseByHand } from './license-by-hand.js';
import { refusalBodies } from './refusal-bodies.js';

const thisFile = import.meta.filename;

@Controller()
@RequireEnterprise()
class Streams {
  static open = 0;

  @Sse('events')
  events(): Observable<MessageEvent> {
    Streams.open += 1;
    return timer(0, 10).pipe(
      map((tick) => ({ data: { tick } })),
      finalize(() => (Streams.open -= 1)),
    );
  }

  @Get('report')
  report(): StreamableFile {
    return new StreamableFile(createReadStream(thisFile), {
      disposition: 'attachment; filename="report.ts"',
    });
  }
}

/** Reads events as a browser does, until `enough` have come. */
async function readEvents(response: Response, enough: number): Promise<string[]> {
  const events: string[] = [];
  let text = '';
  if (response.body === null) throw new Error('expected a stream');
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const whole = text.split('\n\n');
    text = whole.pop() ?? '';
    events.push(...whole.flatMap((event) => event.match(/^data: (.*)$/m)?.[1] ?? []));
    if (events.length >= enough) break; // which closes the connection
  }
  return events.slice(0, enough);
}

describe.each<Platform>(['Express', 'Fastify'])('a stream on %s', (platform) => {
  let issuer: TestIssuer;
  let license: LicenseByHand;
  let stop: () => Promise<void>;
  let get: (path: string) => Promise<Response>;

  beforeAll(async () => {
    issuer = await TestIssuer.create();
  });
  beforeEach(async () => {
    license = new LicenseByHand(issuer);
    const app = await httpApp(license, { controllers: [Streams] }, platform);
    const url = await urlOf(app);
    stop = () => app.close();
    get = (path) => fetch(`${url}/${path}`, { headers: { accept: 'text/event-stream, */*' } });
  });
  afterEach(() => stop());

  const refused = (why: keyof typeof refusalBodies): unknown => errorShapes.http.refused(refusalBodies[why]);

  it.each(['events', 'report'])('is refused before it begins, as an ordinary response: %s', async (path) => {
    expect(await seen(await get(path))).toEqual(refused('pending'));
    license.isAbsent();
    const response = await get(path);
    expect(response.headers.get('content-disposition')).toBeNull();
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await seen(response)).toEqual(refused('absent'));
    expect(Streams.open).toBe(0);
  });

  it('of events flows with a license, is not cut off by its end, and is refused when it is opened again', async () => {
    license.arrives();
    const response = await get('events');
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      expect.stringMatching(/^text\/event-stream/),
    ]);
    license.ends();
    expect(await readEvents(response, 3)).toEqual(['{"tick":0}', '{"tick":1}', '{"tick":2}']);
    await until(() => Streams.open === 0);
    expect(await seen(await get('events'))).toEqual(refused('expired'));
  });

  it('of a file is downloaded whole with a license, and refused after its end', async () => {
    license.arrives();
    const response = await get('report');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="report.ts"');
    expect(await response.text()).toBe(await readFile(thisFile, 'utf8'));
    license.ends();
    expect(await seen(await get('report'))).toEqual(refused('expired'));
  });
});
