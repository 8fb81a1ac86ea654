import type { NatsRecord, OutgoingResponse } from '@nestjs/microservices';

import { parseReply } from '@latchkey/license/protocol';

import { ReplySerializer } from './reply-serializer.js';

const serializer = new ReplySerializer();
const textOf = ({ data }: NatsRecord): string => Buffer.from(data as Uint8Array).toString();
const write = (packet: OutgoingResponse): string => textOf(serializer.serialize(packet));
const answer = (sealed: string, id: string): OutgoingResponse => ({
  response: { v: 1, sealed },
  isDisposed: true,
  id,
});

describe('a reply', () => {
  it.each(['42', 'with "quotes" and \\', '\u{1F511}\u2028', '\ud800'])('carries the id %j', (id) => {
    const packet = answer('a.b.c', id);
    expect(write(packet)).toBe(JSON.stringify(packet));
  });

  it('is what an instance reads', () => {
    expect(parseReply(Buffer.from(write(answer('a.b.c', '1'))), '1')).toBe('a.b.c');
  });

  it('changes with the envelope, back and forth', () => {
    for (const sealed of ['first', 'first', 'second', 'first']) {
      const packet = answer(sealed, '1');
      expect(write(packet)).toBe(JSON.stringify(packet));
    }
  });

  it.each<[string, OutgoingResponse]>([
    ['an error', { err: { status: 'error', message: 'Internal server error' }, isDisposed: true, id: '1' }],
    ['an error beside an answer', { ...answer('a.b.c', '1'), err: 'broken' }],
    ['one of many', { response: { v: 1, sealed: 'a.b.c' }, id: '1' }],
    ['the end of many', { isDisposed: true, id: '1' }],
    ['another answer', { response: 'text', isDisposed: true, id: '1' }],
    ['no answer', { response: null, isDisposed: true, id: '1' }],
  ])('says %s as Nest does', (_, packet) => {
    write(answer('a.b.c', '1'));
    const text = serializer.serialize(packet).data as string;
    expect(text).toBe(JSON.stringify(packet));
  });
});
