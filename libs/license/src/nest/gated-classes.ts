import type { Type } from '@nestjs/common';
import { MetadataScanner, type ModulesContainer } from '@nestjs/core';

import { handlersOfController, handlersOfProvider, type Handler, type NamedMethod } from './handlers.js';
import {
  combinedRequirements,
  isCommunityAllowed,
  requirementsOf,
  type Requirement,
} from './requirements.js';

/** A module of a running Nest application, with its controllers and providers. */
export type NestModule = ModulesContainer extends Map<string, infer One> ? One : never;
type Wrapper = NestModule['providers'] extends Map<unknown, infer One> ? One : never;

/** A method of a class with gates, and what holds for it. */
export interface GatedMethod extends NamedMethod {
  /** What the class and the method require together. */
  readonly requirements: readonly Requirement[];
  /** What `@CommunityAllowed()` lifts. */
  readonly communityAllowed: boolean;
  /** How it is called; empty when nothing calls it. */
  readonly handlers: readonly Handler[];
}

/** A class of the application that carries a gate, or has a method that does. */
export interface GatedClass {
  readonly type: Type;
  readonly module: NestModule;
  readonly isController: boolean;
  readonly methods: readonly GatedMethod[];
}

/** A class in a place of the application. */
interface Member {
  readonly type: Type;
  readonly module: NestModule;
  readonly isController: boolean;
}

/**
 * Every controller and every provider that carries gates, whether Nest instantiates it or a factory makes it.
 * Costs a look at each method of each class: made for the start of an application and for its tests.
 */
export function gatedClasses(modules: ModulesContainer): readonly GatedClass[] {
  const scanner = new MetadataScanner();
  return membersOf([...modules.values()])
    .filter(({ type }) => carriesGates(type))
    .map((member) => {
      const { type, module, isController } = member;
      const prefix = pathOf(module, modules);
      const methods = scanner.getAllMethodNames(type.prototype as object).map((name): GatedMethod => {
        const method = (type.prototype as Record<string, object>)[name] ?? type;
        const named = { name, method };
        return {
          ...named,
          requirements: combinedRequirements(type, method),
          communityAllowed: isCommunityAllowed(method),
          handlers: isController
            ? handlersOfController(type, named, prefix)
            : handlersOfProvider(type, named),
        };
      });
      return { ...member, methods };
    });
}

/**
 * A class counts for what it is first of all. Controllers may be provided as well, to be injected; what a factory
 * returns may be another provider, under a second name.
 */
function membersOf(modules: readonly NestModule[]): readonly Member[] {
  const found: Member[] = [];
  const add = (
    wrappersOf: (module: NestModule) => Iterable<Wrapper>,
    classOf: (wrapper: Wrapper) => Type | null,
    isController: boolean,
  ): void => {
    const known = new Set(found.map(({ type }) => type));
    for (const module of modules) {
      for (const type of [...wrappersOf(module)].map(classOf)) {
        if (type !== null && !known.has(type)) found.push({ type, module, isController });
      }
    }
  };
  add(({ controllers }) => controllers.values(), instantiated, true);
  add(({ providers }) => providers.values(), instantiated, false);
  add(({ providers }) => providers.values(), made, false);
  return found;
}

/** The class that Nest makes an instance of. */
function instantiated({ metatype, isNotMetatype }: Wrapper): Type | null {
  return metatype === null || isNotMetatype || metatype.prototype === undefined ? null : (metatype as Type);
}

/** The class of what a factory made, or of a value. */
function made({ instance, isNotMetatype }: Wrapper): Type | null {
  if (!isNotMetatype || typeof instance !== 'object' || instance === null) return null;
  const prototype = Reflect.getPrototypeOf(instance);
  const type: unknown = prototype === Object.prototype ? null : prototype?.constructor;
  return typeof type === 'function' && type.prototype === prototype ? (type as Type) : null;
}

/** Has the class, or any method of it or of its bases, also one that is overridden, a requirement? */
function carriesGates(type: Type): boolean {
  if (requirementsOf(type).length > 0) return true;
  let at = type.prototype as object | null;
  for (; at !== null && at !== Object.prototype; at = Reflect.getPrototypeOf(at)) {
    for (const { value } of Object.values(Object.getOwnPropertyDescriptors(at)) as { value?: unknown }[]) {
      if (typeof value === 'function' && requirementsOf(value).length > 0) return true;
    }
  }
  return false;
}

/** The path that `RouterModule` gives the controllers of a module. */
function pathOf({ metatype }: NestModule, modules: ModulesContainer): string {
  const path: unknown =
    Reflect.getMetadata(`__module_path__${modules.applicationId}`, metatype) ??
    Reflect.getMetadata('__module_path__', metatype);
  return typeof path === 'string' ? path : '';
}
