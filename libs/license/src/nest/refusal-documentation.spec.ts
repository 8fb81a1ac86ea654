import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import {
  CommunityAllowed,
  RequireEdition,
  RequireEnterprise,
  RequireFeature,
  type LicenseModuleOptions,
} from '@latchkey/license';
import {
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiPaymentRequiredResponse,
  type OpenAPIObject,
} from '@nestjs/swagger';

import { OfflineApp } from '../../test/offline-app.js';
import { openApiOf } from '../../test/observability/open-api.js';
import { TestIssuer } from '../testing/test-issuer.js';

@Controller('methods')
class Methods {
  @Get('open')
  open(): void {}

  @Get('enterprise')
  @RequireEnterprise()
  enterprise(): void {}

  @Post('created')
  @RequireFeature('workflow', 'audit-log')
  created(): void {}

  @HttpCode(204)
  @Post('no-content')
  @RequireEdition('professional')
  @RequireFeature('workflow')
  @RequireFeature('sso')
  noContent(): void {}

  @ApiNotFoundResponse({ description: 'above' })
  @Get('declared')
  @RequireEnterprise()
  @ApiOkResponse({ description: 'below', type: String })
  declared(): void {}

  @Get('own-words')
  @ApiPaymentRequiredResponse({ description: 'Buy it.' })
  @RequireEnterprise()
  ownWords(): void {}
}

@Controller('class')
@RequireEdition('professional')
@ApiNotFoundResponse({ description: 'of the class' })
class GatedClass {
  @Get('plain')
  plain(): void {}

  @Get('both')
  @RequireFeature('workflow')
  both(): void {}
}

@Controller('child')
@RequireFeature('audit-log')
class Child extends GatedClass {}

@RequireEdition('professional')
abstract class Base {
  @Get('inherited')
  inherited(): void {}

  @Get('replaced')
  @RequireFeature('workflow')
  replaced(): void {}
}

@Controller('mixed')
@RequireEnterprise()
class Mixed extends Base {
  @Get('lifted')
  @CommunityAllowed()
  lifted(): void {}

  @Get('lifted-with-own')
  @CommunityAllowed()
  @RequireFeature('sso')
  liftedWithOwn(): void {}

  @Get('replaced')
  override replaced(): void {}
}

@Controller('closed')
@RequireEnterprise()
class Closed {
  @Get('shared')
  shared(): void {}
}

@Controller('stricter')
@RequireFeature('workflow')
class Stricter extends Closed {}

@Controller('opened')
class Opened extends Closed {
  @Get('lifted')
  @CommunityAllowed()
  lifted(): void {}
}

const controllers = [Methods, GatedClass, Child, Mixed, Closed, Stricter, Opened];

describe('the OpenAPI document of a licensed application', () => {
  let issuer: TestIssuer;
  let app: OfflineApp;
  let document: OpenAPIObject;

  const start = async (options: LicenseModuleOptions = {}): Promise<OpenAPIObject> => {
    app = await new OfflineApp(issuer, options, controllers).start();
    document = openApiOf(app.app.app);
    return document;
  };
  beforeAll(async () => {
    issuer = await TestIssuer.create();
  });
  beforeEach(() => start());
  afterEach(() => app.stop());

  const responsesOf = (path: string, method: 'get' | 'post' = 'get') =>
    document.paths[`/${path}`]?.[method]?.responses ?? {};
  /** Status → description. */
  const described = (path: string, method?: 'get' | 'post') =>
    Object.fromEntries(
      Object.entries(responsesOf(path, method)).map(([status, response]) => [
        status,
        (response as { description?: string }).description,
      ]),
    );
  const pending = 'The license of this deployment is still being loaded; try again in a moment.';

  it('says nothing about what requires nothing', () => {
    expect(described('methods/open')).toEqual({ 200: '' });
  });

  it('names what a handler requires, and keeps the answer of the handler', () => {
    expect(described('methods/enterprise')).toEqual({
      200: '',
      402: 'License required: the enterprise edition.',
      503: pending,
    });
    expect(described('methods/created', 'post')).toEqual({
      201: '',
      402: 'License required: the feature workflow and the feature audit-log.',
      503: pending,
    });
    expect(described('methods/no-content', 'post')).toEqual({
      204: '',
      402: 'License required: the feature sso, the feature workflow and the professional edition.',
      503: pending,
    });
  });

  it('keeps the responses declared above and below the decorator, and adds no other', () => {
    expect(described('methods/declared')).toEqual({
      200: 'below',
      402: 'License required: the enterprise edition.',
      404: 'above',
      503: pending,
    });
    expect(responsesOf('methods/declared')['200']).toMatchObject({
      content: { 'application/json': { schema: { type: 'string' } } },
    });
  });

  it('leaves a refusal to the words of the application', () => {
    expect(described('methods/own-words')).toEqual({ 402: 'Buy it.', 503: pending });
  });

  it('names what the class requires, what it inherits and what a handler adds', () => {
    const ofClass = (text: string) => ({
      200: '',
      402: `License required: ${text}.`,
      404: 'of the class',
      503: pending,
    });
    expect(described('class/plain')).toEqual(ofClass('the professional edition'));
    expect(described('child/plain')).toEqual(ofClass('the professional edition and the feature audit-log'));
  });

  it('says of a handler that classes share all that any of them requires', () => {
    const all = 'the professional edition, the feature workflow and the feature audit-log';
    for (const path of ['class/both', 'child/both']) {
      expect(described(path)).toMatchObject({ 200: '', 402: `License required: ${all}.` });
    }
    expect(described('stricter/shared')).toMatchObject({
      402: 'License required: the enterprise edition and the feature workflow.',
    });
  });

  it('says of a handler that is open to every edition only what it requires itself', () => {
    expect(described('mixed/lifted')).toEqual({ 200: '' });
    expect(described('opened/lifted')).toEqual({ 200: '' });
    expect(described('mixed/lifted-with-own')).toMatchObject({ 402: 'License required: the feature sso.' });
    const ofClass = 'the professional edition and the enterprise edition';
    expect(described('mixed/inherited')).toMatchObject({ 200: '', 402: `License required: ${ofClass}.` });
  });

  it('says of a handler what the method requires that it overrides', () => {
    const all = 'the professional edition, the enterprise edition and the feature workflow';
    expect(described('mixed/replaced')).toMatchObject({ 200: '', 402: `License required: ${all}.` });
  });

  it('has the schema of the body that is really sent', async () => {
    app.source.lose();
    const { status, body } = await app.app.get('methods/enterprise');
    expect(status).toBe(402);
    const { schema } = contentOf(responsesOf('methods/enterprise')['402']);
    expect(schema).toMatchObject({
      type: 'object',
      title: 'LicenseRefusal',
      properties: { code: { enum: ['LICENSE_EDITION_REQUIRED'] } },
    });
    expect(problemsOf(body, schema)).toEqual([]);
  });

  it('has the schema of the body that is really sent while pending, and its header', async () => {
    const { status, body, headers } = await app.app.get('methods/enterprise');
    expect(status).toBe(503);
    const response = responsesOf('methods/enterprise')['503'];
    expect(problemsOf(body, contentOf(response).schema)).toEqual([]);
    expect(response).toMatchObject({ headers: { 'Retry-After': { schema: { type: 'integer' } } } });
    expect(headers.get('Retry-After')).toMatch(/^\d+$/);
  });

  it('shows the status that the application chose, also after another application of this process', async () => {
    await app.stop();
    await start({ refusal: { status: 403 } });
    expect(Object.keys(described('methods/enterprise'))).toEqual(['200', '403', '503']);
    expect(Object.keys(described('class/plain'))).toEqual(['200', '403', '404', '503']);
    expect(described('methods/own-words')).toMatchObject({ 402: 'Buy it.' });
  });
});

interface Schema {
  readonly required: readonly string[];
  readonly properties: Readonly<
    Record<string, { readonly type: string; readonly enum?: readonly unknown[] }>
  >;
}

function contentOf(response: unknown): { schema: Schema } {
  const { content } = response as { content: Record<string, { schema: Schema }> };
  const json = content['application/json'];
  if (json === undefined) throw new Error('expected a JSON response');
  return json;
}

/** What of a body is not as its schema says. */
function problemsOf(body: Record<string, unknown>, { properties, required }: Schema): string[] {
  const missing = required.filter((name) => body[name] === undefined);
  const wrong = Object.entries(body).filter(([name, value]) => {
    const property = properties[name];
    const type = typeof value === 'number' ? 'integer' : typeof value;
    return property?.type !== type || property.enum?.includes(value) === false;
  });
  return [...missing, ...wrong.map(([name]) => name)];
}
