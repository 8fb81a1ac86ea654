import { NatsRecord, type ConsumerSerializer, type OutgoingResponse } from '@nestjs/microservices';

import type { SealedMessage } from '@latchkey/license/protocol';

/**
 * Writes replies as Nest does, without encoding the same message again for each of them: for a minute all replies carry
 * one and the same envelope, and differ in the id of the request only (ADR 0013).
 */
export class ReplySerializer implements ConsumerSerializer {
  #sealed: string | null = null;
  /** The reply up to the id. */
  #head: Uint8Array = Buffer.alloc(0);

  serialize(packet: OutgoingResponse): NatsRecord {
    const { id, response, isDisposed, ...others } = packet;
    // An error, or anything else that is no plain answer.
    if (!isSealedMessage(response) || isDisposed !== true || Object.keys(others).length > 0) {
      return new NatsRecord(JSON.stringify(packet));
    }
    if (response.sealed !== this.#sealed) {
      this.#sealed = response.sealed;
      this.#head = Buffer.from(`{"response":${JSON.stringify(response)},"isDisposed":true,"id":`);
    }
    return new NatsRecord(Buffer.concat([this.#head, Buffer.from(`${JSON.stringify(id)}}`)]));
  }
}

function isSealedMessage(response: unknown): response is SealedMessage {
  return typeof response === 'object' && response !== null && 'sealed' in response;
}
