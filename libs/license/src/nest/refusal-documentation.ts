import { Inject, Injectable, RequestMethod, type Type } from '@nestjs/common';
import { HTTP_CODE_METADATA, METHOD_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';

import { LICENSE_SETTINGS, type LicenseSettings } from './license.settings.js';
import { pendingResponse, refusalResponse, type DocumentedResponse } from './refusal-schema.js';
import { combinedRequirements, requirementsOf, type Requirement } from './requirements.js';

type Responses = Readonly<Record<string, DocumentedResponse>>;

/** Where `@nestjs/swagger` 11 and 12 keep the responses of a class or a handler. */
const responsesKey = 'swagger/apiResponse';

/** Responses that were not declared by the application. */
const ours = new WeakSet<DocumentedResponse>();

/**
 * Leaves the refusals of all gated handlers where `@nestjs/swagger` looks for responses, without loading it.
 * Runs when every decorator has run, and before an application can ask for its OpenAPI document.
 */
@Injectable()
export class RefusalDocumentation {
  readonly #scanner = new MetadataScanner();
  readonly #status: number;
  /** What each method needs. Classes that share one may need more or less: it has all of it. */
  readonly #needs = new Map<object, Set<Requirement>>();
  /** Methods that say so by themselves. */
  readonly #speaking = new Set<object>();

  constructor(
    @Inject(ModulesContainer) modules: ModulesContainer,
    @Inject(LICENSE_SETTINGS) { refusal }: LicenseSettings,
  ) {
    this.#status = refusal.status ?? 402;
    for (const { controllers } of modules.values()) {
      for (const { metatype } of controllers.values()) {
        if (typeof metatype === 'function') this.#addClass(metatype as Type<object>);
      }
    }
    for (const method of this.#speaking) {
      const otherwise = { [successStatusOf(method)]: { description: '' } };
      addResponses(method, this.#responses([...(this.#needs.get(method) ?? [])]), otherwise);
    }
  }

  /**
   * A class whose handlers all need what it needs says so itself, and its handlers keep the responses that swagger
   * finds out. The other handlers say what they need one by one.
   */
  #addClass(type: Type<object>): void {
    const ofClass = requirementsOf(type);
    const needs = new Map(
      this.#methodsOf(type).map((method) => [method, combinedRequirements(type, method)]),
    );
    const applyToAll = [...needs.values()].every((needed) => ofClass.every((one) => needed.includes(one)));
    // Where they do not, what the class inherits from a documented one is taken out.
    if (ofClass.length > 0) addResponses(type, applyToAll ? this.#responses(ofClass) : {});
    for (const [method, needed] of needs) {
      this.#needs.set(method, new Set([...(this.#needs.get(method) ?? []), ...needed]));
      const saidByClass = applyToAll && needed.length === ofClass.length;
      if (needed.length > 0 && !saidByClass) this.#speaking.add(method);
    }
  }

  /** All methods: what is left on one that is no handler is not read. */
  #methodsOf({ prototype }: Type<object>): readonly object[] {
    return this.#scanner
      .getAllMethodNames(prototype)
      .map((name) => (prototype as Record<string, object>)[name])
      .filter((method) => method !== undefined);
  }

  #responses(requirements: readonly Requirement[]): Responses {
    return { [this.#status]: refusalResponse(requirements), 503: { ...pendingResponse } };
  }
}

/**
 * Adds responses to those that the application declared, which win.
 *
 * @param otherwise what swagger would say if nothing were declared, and does not say any more
 */
function addResponses(target: object, responses: Responses, otherwise: Responses = {}): void {
  const found = (Reflect.getMetadata(responsesKey, target) ?? {}) as Responses;
  const declared = Object.entries(found).filter(([, response]) => !ours.has(response));
  const added = declared.length === 0 ? { ...responses, ...otherwise } : responses;
  for (const response of Object.values(added)) ours.add(response);
  Reflect.defineMetadata(responsesKey, { ...added, ...Object.fromEntries(declared) }, target);
}

function successStatusOf(handler: object): number {
  const stated = Reflect.getMetadata(HTTP_CODE_METADATA, handler) as number | undefined;
  return stated ?? (Reflect.getMetadata(METHOD_METADATA, handler) === RequestMethod.POST ? 201 : 200);
}
