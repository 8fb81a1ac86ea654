import { Controller, type Type } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';

import { sealedMessage, type SealedMessage } from '@latchkey/license/protocol';

import { LicenseWatch } from '../license/license-watch.js';
import { Sealer } from '../license/sealer.js';

/**
 * The controller that answers requests for the license. Nest takes subjects from decorators, ours comes from the
 * configuration: so the class is made once the subject is known.
 */
export function responderFor(subject: string): Type {
  @Controller()
  class Responder {
    constructor(
      private readonly license: LicenseWatch,
      private readonly sealer: Sealer,
    ) {}

    /** Answers at once, also that there is no license. */
    @MessagePattern(subject)
    answer(): SealedMessage {
      return sealedMessage(this.sealer.shared(this.license.current?.jws ?? null));
    }
  }
  return Responder;
}
