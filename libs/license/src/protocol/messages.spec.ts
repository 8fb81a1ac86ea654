import * as fc from 'fast-check';

import { codeOf } from '../testing/throws-with-code.js';
import {
  defaultSubjectPrefix,
  encodeRequest,
  parseBroadcast,
  parseReply,
  sealedMessage,
  subjectsFor,
} from './messages.js';

const subjects = subjectsFor(defaultSubjectPrefix);
const data = { v: 1, sealed: 'a..b.c.d' };
const bytes = (content: unknown) =>
  Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
const sized = (content: object, size: number) => JSON.stringify(content).padEnd(size);
const broadcast = (content: unknown) => codeOf(() => parseBroadcast(bytes(content), subjects));
const reply = (content: unknown) => codeOf(() => parseReply(bytes(content), 'id-1'));

describe('subjects', () => {
  it('follow from the prefix', () => {
    expect(subjects).toEqual({
      key: 'license.key',
      request: 'license.key.request',
      queue: 'license-servers',
      stream: 'LICENSE',
      retained: '$JS.API.DIRECT.GET.LICENSE.license.key',
    });
    expect(subjectsFor('acme.prod-1_eu')).toEqual({
      key: 'acme.prod-1_eu.key',
      request: 'acme.prod-1_eu.key.request',
      queue: 'acme.prod-1_eu-servers',
      stream: 'ACME_PROD-1_EU',
      retained: '$JS.API.DIRECT.GET.ACME_PROD-1_EU.acme.prod-1_eu.key',
    });
    expect(subjectsFor('p'.repeat(128)).key).toHaveLength(132);
  });

  it.each([
    '',
    '*',
    '>',
    'license.*',
    'license.>',
    '*.key',
    'a..b',
    '.a',
    'a.',
    'a b',
    'a\n',
    'a\tb',
    'é',
    '$JS',
    'a/b',
    'p'.repeat(129),
  ])('are refused with the prefix %j, which other deployments or nobody would hear', (prefix) => {
    expect(codeOf(() => subjectsFor(prefix))).toBe('CONFIGURATION_INVALID');
  });
});

describe('messages', () => {
  it('are the packets of Nest', () => {
    expect(JSON.parse(encodeRequest(subjects, 'id-1'))).toEqual({
      pattern: 'license.key.request',
      data: { v: 1 },
      id: 'id-1',
    });
    expect(sealedMessage('a..b.c.d')).toEqual(data);
    expect(parseBroadcast(bytes({ pattern: 'license.key', data }), subjects)).toBe('a..b.c.d');
    expect(parseReply(bytes({ response: data, isDisposed: true, id: 'id-1' }), 'id-1')).toBe('a..b.c.d');
  });

  it('may carry more than this version knows', () => {
    expect(broadcast({ pattern: 'license.key', data: { ...data, hint: 'x' }, options: {} })).toBeUndefined();
    expect(
      reply({ id: 'id-1', response: { ...data, hint: 'x' }, isDisposed: true, more: [] }),
    ).toBeUndefined();
  });

  it.each<[string, unknown]>([
    ['of another pattern', { pattern: 'license.key.request', data }],
    ['of a pattern that is an object', { pattern: { cmd: 'license.key' }, data }],
    ['without a pattern', { data }],
    ['without data', { pattern: 'license.key' }],
    ['with empty data', { pattern: 'license.key', data: {} }],
    ['with a bare seal', { pattern: 'license.key', data: 'a..b.c.d' }],
    ['with a list', { pattern: 'license.key', data: [data] }],
    ['with bytes', { pattern: 'license.key', data: { 0: 1, 1: 2 } }],
    ['of version 2', { pattern: 'license.key', data: { ...data, v: 2 } }],
    ['of version "1"', { pattern: 'license.key', data: { ...data, v: '1' } }],
    ['with a seal that is no text', { pattern: 'license.key', data: { v: 1, sealed: null } }],
    ['that is a list', [{ pattern: 'license.key', data }]],
    ['that is a reply', { response: data, isDisposed: true, id: 'id-1' }],
    ['that is empty', ''],
    ['that is not JSON', 'hello'],
    ['that is null', 'null'],
    ['with a name twice', '{"pattern":"license.key","data":{"v":1,"sealed":"a","sealed":"b"}}'],
    ['with a byte-order mark', `\uFEFF${JSON.stringify({ pattern: 'license.key', data })}`],
    [
      'nested too deep',
      `{"pattern":"license.key","data":${JSON.stringify(data)},"x":${'['.repeat(8)}${']'.repeat(8)}}`,
    ],
  ])('are refused as a broadcast %s', (_, content) => {
    expect(broadcast(content)).toBe('MALFORMED');
  });

  it.each<[string, unknown]>([
    ['with another id', { response: data, isDisposed: true, id: 'id-2' }],
    ['without an id', { response: data, isDisposed: true }],
    ['with a number for an id', { response: data, id: 1 }],
    ['with an error', { err: 'no license', isDisposed: true, id: 'id-1' }],
    ['without a response', { isDisposed: true, id: 'id-1' }],
    ['with null', { response: null, id: 'id-1' }],
    ['of version 2', { response: { ...data, v: 2 }, id: 'id-1' }],
    ['that is a broadcast', { pattern: 'license.key', data, id: 'id-1' }],
    ['that is empty', ''],
    ['that is not JSON', '<html>'],
  ])('are refused as a reply %s', (_, content) => {
    expect(reply(content)).toBe('MALFORMED');
  });

  it('are refused when they are not UTF-8', () => {
    const invalid = Buffer.concat([bytes('{"pattern":"'), Buffer.from([0xff]), bytes('"}')]);
    expect(codeOf(() => parseBroadcast(invalid, subjects))).toBe('MALFORMED');
    expect(codeOf(() => parseReply(Buffer.from(JSON.stringify({ id: 'id-1' }), 'utf16le'), 'id-1'))).toBe(
      'MALFORMED',
    );
  });

  it('may be 64 KiB and not a byte more', () => {
    const fullBroadcast = { pattern: 'license.key', data };
    const fullReply = { response: data, id: 'id-1' };
    expect([broadcast(sized(fullBroadcast, 65_536)), reply(sized(fullReply, 65_536))]).toEqual([
      undefined,
      undefined,
    ]);
    expect(broadcast(sized(fullBroadcast, 65_537))).toBe('TOO_LARGE');
    expect(reply(sized(fullReply, 65_537))).toBe('TOO_LARGE');
    expect(broadcast('['.repeat(65 * 1024))).toBe('TOO_LARGE');
  });

  it('throw nothing but refusals, whatever the content', () => {
    const member = fc.constantFrom('pattern', 'data', 'response', 'id', 'v', 'sealed');
    const value = fc.oneof(fc.constantFrom<unknown>('license.key', 'id-1', 1, data), fc.jsonValue());
    const content = fc.oneof(fc.string(), fc.dictionary(member, value));
    fc.assert(fc.property(content, (anything) => void [broadcast(anything), reply(anything)]));
  });
});
