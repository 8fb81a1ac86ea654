import type { ConsumerDeserializer, IncomingEvent, IncomingRequest } from '@nestjs/microservices';

const maxRequestBytes = 64 * 1024;
const maxIdLength = 128;
const inboxPrefix = '_INBOX';

/**
 * Reads requests without ever throwing: Nest logs what a deserializer throws, and a parser's message quotes its
 * input. What is not a request becomes an event, to which Nest gives no answer.
 */
export class RequestDeserializer implements ConsumerDeserializer {
  constructor(private readonly subject: string) {}

  deserialize(
    message: { readonly data: Uint8Array },
    options?: { readonly replyTo?: string },
  ): IncomingRequest | IncomingEvent {
    const event = { pattern: this.subject, data: undefined };
    // Attack: a request whose "inbox" is license.key or the JetStream API has the server publish there.
    const id = options?.replyTo?.startsWith(inboxPrefix) ? idOf(message.data) : undefined;
    return id === undefined ? event : { ...event, id };
  }
}

function idOf(bytes: Uint8Array): string | undefined {
  if (bytes.length > maxRequestBytes) return undefined;
  try {
    const { id } = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')) as {
      id?: unknown;
    };
    return typeof id === 'string' && id.length > 0 && id.length <= maxIdLength ? id : undefined;
  } catch {
    return undefined; // no JSON, or null: no request either way
  }
}
