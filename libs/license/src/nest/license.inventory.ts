import { Inject, Injectable } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';

import { gatedClasses } from './gated-classes.js';
import type { HandlerTransport } from './handlers.js';
import type { Requirement } from './requirements.js';

/** One gated way into the application. */
export interface GatedHandler {
  /** How calls reach it. */
  readonly transport: HandlerTransport;
  /** HTTP method in capitals; `query`, `mutation`, `subscription`, `field`; `message`; `event`. */
  readonly kind: string;
  /** Route, field, or pattern, as the decorators spell it: a route is without global prefix and version. */
  readonly pattern: string;
  /** Name of the class. */
  readonly class: string;
  /** Name of the method. */
  readonly handler: string;
  /** All of it is required: what is left of the class and of the method. */
  readonly requirements: readonly Requirement[];
  /** True when `@CommunityAllowed()` lifted what the class requires. */
  readonly communityAllowed: boolean;
}

/** What of a running application needs a license: to print, to document, and to prove that no feature ships ungated. */
@Injectable()
export class LicenseInventory {
  /** For Nest. @hidden */
  constructor(@Inject(ModulesContainer) private readonly modules: ModulesContainer) {}

  /** Every handler with a gate, on every transport, and those of gated classes that `@CommunityAllowed()` opened. */
  gates(): readonly GatedHandler[] {
    const gates = new Map<string, GatedHandler>();
    for (const { type, methods } of gatedClasses(this.modules)) {
      for (const { name, handlers, requirements, communityAllowed } of methods) {
        if (requirements.length === 0 && !communityAllowed) continue;
        for (const handler of handlers) {
          const gate = { ...handler, class: type.name, handler: name, requirements, communityAllowed };
          // A class provided in several modules is one way in.
          gates.set(JSON.stringify(gate), Object.freeze(gate));
        }
      }
    }
    return Object.freeze([...gates.values()]);
  }
}
