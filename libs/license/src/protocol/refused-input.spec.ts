import { refusalOf } from '../testing/throws-with-code.js';
import { parseLicenseText } from './license-text.js';
import { parseBroadcast, parseReply, subjectsFor } from './messages.js';
import { parseStrictJson, parseStrictObject } from './strict-json.js';

describe('a refusal of a message, a license file or a text says', () => {
  const subjects = subjectsFor('license');
  const broadcast = (packet: unknown): string | undefined =>
    refusalOf(() => parseBroadcast(Buffer.from(JSON.stringify(packet)), subjects))?.message;
  const reply = (packet: unknown): string | undefined =>
    refusalOf(() => parseReply(Buffer.from(JSON.stringify(packet)), 'id-1'))?.message;
  const reading = (text: string | Uint8Array): string | undefined =>
    refusalOf(() => parseStrictJson(Buffer.from(text as string), 'text', 9))?.message;

  it.each<[string, () => string | undefined]>([
    [
      'LICENSE_SUBJECT_PREFIX: expected letters, digits, "_", "-" and dots between, found "a.>"',
      () => refusalOf(() => subjectsFor('a.>'))?.message,
    ],
    ['broadcast: expected the pattern license.key', () => broadcast({ pattern: 'other' })],
    ['broadcast: expected { "v": 1, "sealed": "<JWE>" }', () => broadcast({ pattern: 'license.key' })],
    ['broadcast: expected a JSON object', () => broadcast([])],
    ['broadcast: expected at most 65536 bytes, found 70002', () => broadcast('x'.repeat(70_000))],
    ['reply: expected the id of the request', () => reply({ id: 'id-2' })],
    [
      'reply: expected { "v": 1, "sealed": "<JWE>" }',
      () => reply({ id: 'id-1', response: { v: 2, sealed: '' } }),
    ],
    ['reply: expected a JSON object', () => reply([])],
    [
      'license file: expected at most 65536 characters',
      () => refusalOf(() => parseLicenseText(' '.repeat(65_537)))?.message,
    ],
    [
      'license: expected at most 32768 bytes, found 32772',
      () => refusalOf(() => parseLicenseText(`a.${'b'.repeat(32_768)}.c`))?.message,
    ],
    ['text: expected UTF-8 text, found other bytes', () => reading(Buffer.from([0xff]))],
    ['text: expected JSON, found something else', () => reading('{"\\x":1}')],
    [
      'text: expected a JSON object',
      () => refusalOf(() => parseStrictObject(Buffer.from('1'), 'text'))?.message,
    ],
    ['text: a name occurs twice in one object', () => reading('{"a":1,"a":2}')],
    ['text: nested deeper than 8 levels', () => reading('[[[[[[[[[]]]]]]]]]')],
    ['text: a string holds half a character', () => reading('"\\ud800"')],
    ['text: a string is longer than 9 characters', () => reading('"0123456789"')],
    ['text: a number is out of the range that every reader keeps exactly', () => reading('1e400')],
  ])('%s', (message, refusing) => {
    expect(refusing()).toBe(message);
  });

  it('also what the decoder said, for bytes that are no text', () => {
    expect(refusalOf(() => parseStrictJson(Buffer.from([0xff]), 'text'))?.cause).toMatchObject({
      name: 'TypeError',
    });
  });
});
