import { randomBytes } from 'node:crypto';

import { sealedMessage, subjectsFor } from '@latchkey/license/protocol';

const { key } = subjectsFor('license');

const encode = (content: string | Buffer): string => Buffer.from(content).toString('base64url');

/**
 * What somebody on the bus without the encryption key can make of an envelope that was heard there. None of it opens.
 *
 * @param genuine a sealed license
 */
export function forgedEnvelopes(genuine: string): Readonly<Record<string, string>> {
  const [header = '', , iv = '', body = ''] = genuine.split('.');
  const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string };
  const headed = (changes: object): string => {
    const full = { alg: 'dir', enc: 'A256GCM', kid, typ: 'sealed-license+jwe', ...changes };
    return `${encode(JSON.stringify(full))}..${iv}.${body}.${encode(randomBytes(16))}`;
  };
  return {
    'under the right key, with a wrong tag': `${header}..${iv}.${body}.${encode(randomBytes(16))}`,
    'under the right key, of 40 KiB': `${header}..${iv}.${encode(randomBytes(30_000))}.${encode(randomBytes(16))}`,
    'under a key nobody has': headed({ kid: 'nobody' }),
    'with a header of its own': headed({ zip: 'DEF' }),
    'of another type': headed({ typ: 'license-store+jwe' }),
    'cut in half': genuine.slice(0, genuine.length / 2),
    'that is none': 'sealed',
  };
}

/** The envelopes of {@link forgedEnvelopes} as broadcasts, and broadcasts that are none. */
export function forgedBroadcasts(genuine: string): string[] {
  const packets = Object.values(forgedEnvelopes(genuine)).map((sealed) =>
    JSON.stringify({ pattern: key, data: sealedMessage(sealed) }),
  );
  const other = JSON.stringify({ pattern: 'other.key', data: sealedMessage(genuine) });
  return [...packets, other, '', 'not JSON', `{"pattern":"${key}"}`, '{"data":null}', '['.repeat(1_000)];
}

/** The envelopes of {@link forgedEnvelopes} as replies to a request, and replies that are none. */
export function forgedReplies(genuine: string, id: string): string[] {
  return [
    ...Object.values(forgedEnvelopes(genuine)).map((sealed) => replyPacket(sealed, id)),
    replyPacket(genuine, 'another-request'),
    JSON.stringify({ err: 'no license', isDisposed: true, id }),
    '', // as the broker says that nobody is there to answer
    'not JSON',
  ];
}

/** A reply as a license-server would send it. */
export function replyPacket(sealed: string, id: string): string {
  return JSON.stringify({ response: sealedMessage(sealed), isDisposed: true, id });
}
