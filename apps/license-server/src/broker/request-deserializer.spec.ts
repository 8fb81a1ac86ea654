import { RequestDeserializer } from './request-deserializer.js';

const deserializer = new RequestDeserializer('license.key.request');
const read = (text: string | Uint8Array, replyTo: string | undefined = '_INBOX.abc') =>
  deserializer.deserialize(
    { data: Buffer.from(text as Uint8Array) },
    replyTo === undefined ? {} : { replyTo },
  );
const event = { pattern: 'license.key.request', data: undefined };

describe('reading a request', () => {
  it('takes the id, which is all that the answer needs', () => {
    expect(read('{"pattern":"license.key.request","data":{"v":1},"id":"42"}')).toEqual({
      ...event,
      id: '42',
    });
    expect(read(`{"id":"${'x'.repeat(128)}"}`)).toHaveProperty('id');
  });

  it.each([
    ['nothing', ''],
    ['no JSON', 'hello {'],
    ['null', 'null'],
    ['a number', '1'],
    ['no id', '{"pattern":"license.key.request","data":{"v":1}}'],
    ['an empty id', '{"id":""}'],
    ['an id that is no string', '{"id":{"id":"42"}}'],
    ['a long id', `{"id":"${'x'.repeat(129)}"}`],
    ['bytes that are no text', Uint8Array.of(0xff, 0xfe, 0x00)],
    ['endless brackets', '['.repeat(60_000)],
    ['too much', `{"id":"42","data":"${'x'.repeat(65_536)}"}`],
  ])('gives no answer to %s', (_, text) => {
    expect(read(text)).toEqual(event);
  });

  it.each([
    ['the broadcast subject', 'license.key'],
    ['the JetStream API', '$JS.API.STREAM.PURGE.LICENSE'],
    ['nothing', ''],
  ])('gives no answer to a request that has it sent to %s', (_, replyTo) => {
    expect(read('{"id":"42"}', replyTo)).toEqual(event);
  });
});
