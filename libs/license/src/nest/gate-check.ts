import { Inject, Injectable, type OnModuleInit, type Type } from '@nestjs/common';
import { ApplicationConfig, ModulesContainer } from '@nestjs/core';

import { LicenseError } from '../core/errors.js';
import { gatedClasses, type GatedClass, type GatedMethod } from './gated-classes.js';
import { LicenseBootstrap } from './license.bootstrap.js';
import { LicenseGuard } from './license.guard.js';
import { LICENSE_SETTINGS, type LicenseSettings } from './license.settings.js';
import { didYouMean } from './nearest-name.js';
import { requirementsOf, type Requirement } from './requirements.js';

/**
 * Looks over all gates once, at the start: one that would never run, or that asks for what does not exist, keeps the
 * application from starting, instead of leaving a licensed feature open, or closed for ever.
 */
@Injectable()
export class GateCheck implements OnModuleInit {
  readonly #problems = new Set<string>();

  constructor(
    @Inject(ModulesContainer) private readonly modules: ModulesContainer,
    @Inject(ApplicationConfig) private readonly config: ApplicationConfig,
    @Inject(LICENSE_SETTINGS) private readonly settings: LicenseSettings,
  ) {}

  /** @throws {CONFIGURATION_INVALID} naming every problem */
  onModuleInit(): void {
    this.#checkImports();
    for (const gated of gatedClasses(this.modules)) this.#checkClass(gated);
    const problems = [...this.#problems];
    if (problems.length === 0) return;
    throw new LicenseError('CONFIGURATION_INVALID', `licensed handlers: ${problems.join('; ')}`, {
      problems,
    });
  }

  #checkImports(): void {
    const times = [...this.modules.values()].filter(({ providers }) =>
      providers.has(LicenseBootstrap),
    ).length;
    if (times === 1) return;
    this.#problems.add(
      `LicenseModule is imported ${times} times, each with a license of its own: ` +
        'import LicenseModule.forRoot() once, in the root module; it is there for all of them',
    );
  }

  #checkClass(gated: GatedClass): void {
    const { type, methods, isController } = gated;
    const ofClass = requirementsOf(type);
    for (const requirement of ofClass) this.#checkNames(type.name, requirement);
    if (ofClass.length > 0 && !isController && methods.every(({ handlers }) => handlers.length === 0)) {
      this.#problems.add(
        `${type.name}: ${decorator(ofClass)} on a provider without handlers, where no guard runs: ` +
          'move it to the controller, gateway or resolver, or ask LicenseService in the code',
      );
    }
    for (const method of methods) this.#checkMethod(gated, method);
  }

  #checkMethod(gated: GatedClass, { name, method, requirements, handlers }: GatedMethod): void {
    const at = `${gated.type.name}.${name}`;
    const own = requirementsOf(method);
    for (const requirement of own) this.#checkNames(at, requirement);
    if (handlers.length === 0) {
      if (own.length === 0) return;
      this.#problems.add(
        `${at}: ${decorator(own)} on a method that is no handler, where no guard runs: ask LicenseService in the method`,
      );
    } else if (requirements.length > 0) {
      this.#checkGuard(at, gated, method, requirements, handlers);
    }
  }

  /** Does a guard enforce the gate of this handler? Nest leaves one out without a word. */
  #checkGuard(
    at: string,
    { type, module }: GatedClass,
    method: object,
    requirements: readonly Requirement[],
    handlers: GatedMethod['handlers'],
  ): void {
    if (handlers.some(({ kind }) => kind === 'field') && !runsFieldGuards(this.modules)) {
      this.#problems.add(
        `${at}: ${decorator(requirements)} on a field, where GraphQL runs no guards: ` +
          "set fieldResolverEnhancers: ['guards'] in the options of GraphQLModule",
      );
    }
    // Global guards reach message handlers of a hybrid application only with inheritAppConfig, which is not seen here.
    const reached = handlers.every(({ transport }) => transport !== 'rpc');
    if (reached && hasGlobalGuard(this.config)) return;
    if (!bringsGuard(type) && !bringsGuard(method)) {
      this.#problems.add(
        `${at}: it replaces a method with ${decorator(requirements)}, and has no guard of its own: ` +
          'repeat the decorator, or open it with @CommunityAllowed()',
      );
    } else if (!module.injectables.has(LicenseGuard)) {
      this.#problems.add(
        `${at}: Nest does not run the guard of ${decorator(requirements)} in what is provided under another name or made ` +
          `by a factory: list ${type.name} itself among the providers`,
      );
    }
  }

  #checkNames(at: string, requirement: Requirement): void {
    const { editions, features } = this.settings;
    if (requirement.kind === 'edition') {
      const { edition } = requirement;
      if (editions.has(edition)) return;
      const ladder = editions.names.join(', ');
      this.#problems.add(
        `${at}: there is no edition ${edition}, only ${ladder}${didYouMean(edition, editions.names)}`,
      );
    } else if (features !== null && !features.includes(requirement.feature)) {
      const { feature } = requirement;
      this.#problems.add(
        `${at}: ${feature} is none of the features given to LicenseModule${didYouMean(feature, features)}`,
      );
    }
  }
}

function decorator(requirements: readonly Requirement[]): string {
  const names = requirements.map((requirement) =>
    requirement.kind === 'edition'
      ? `@RequireEdition('${requirement.edition}')`
      : `@RequireFeature('${requirement.feature}')`,
  );
  return names.join(' ');
}

function bringsGuard(target: object): boolean {
  const guards = (Reflect.getMetadata('__guards__', target) as unknown[] | undefined) ?? [];
  return guards.some(isLicenseGuard);
}

function hasGlobalGuard(config: ApplicationConfig): boolean {
  return (
    config.getGlobalGuards().some(isLicenseGuard) ||
    config.getGlobalRequestGuards().some(({ metatype }) => isLicenseGuard(metatype))
  );
}

function isLicenseGuard(guard: unknown): boolean {
  return (
    guard instanceof LicenseGuard ||
    guard === LicenseGuard ||
    (typeof guard === 'function' && (guard as Type).prototype instanceof LicenseGuard)
  );
}

/** Does some GraphQL module run the guards of fields? True without one: then nothing calls the fields. */
function runsFieldGuards(modules: ModulesContainer): boolean {
  const options = [...modules.values()].flatMap(
    ({ providers }) =>
      (providers.get('GqlModuleOptions')?.instance as { fieldResolverEnhancers?: string[] } | undefined) ??
      [],
  );
  return (
    options.length === 0 ||
    options.some(({ fieldResolverEnhancers }) => fieldResolverEnhancers?.includes('guards') === true)
  );
}
