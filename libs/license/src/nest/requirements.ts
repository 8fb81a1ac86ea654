/** What a handler needs. */
export type Requirement =
  | {
      /** An edition, or one above it. */
      readonly kind: 'edition';
      /** A name of the ladder. */
      readonly edition: string;
    }
  | {
      /** A feature, whatever its value. */
      readonly kind: 'feature';
      /** Its name. */
      readonly feature: string;
    };

/** Metadata key under which the decorators leave requirements on a class or handler. */
const requirementsKey = Symbol.for('latchkey:requirements');

/** Metadata key of a handler that the requirements of its class do not reach. */
const communityAllowedKey = Symbol.for('latchkey:community-allowed');

/** Adds to what a class or handler requires already, inherited requirements included. */
export function addRequirements(target: object, requirements: readonly Requirement[]): void {
  Reflect.defineMetadata(requirementsKey, [...requirementsOf(target), ...requirements], target);
}

/** What the decorators left on a class or a handler. */
export function requirementsOf(target: object): readonly Requirement[] {
  return (Reflect.getMetadata(requirementsKey, target) as readonly Requirement[] | undefined) ?? [];
}

/** Leaves a handler with what its own decorators require. */
export function allowCommunity(handler: object): void {
  Reflect.defineMetadata(communityAllowedKey, true, handler);
}

/** Did `@CommunityAllowed()` mark this handler? */
export function isCommunityAllowed(handler: object): boolean {
  return Reflect.getMetadata(communityAllowedKey, handler) === true;
}

/**
 * Everything that one handler of a class needs: what the class requires, what the methods require that the
 * handler overrides, and what it requires itself. Leaving a decorator out opens nothing; only `@CommunityAllowed()`
 * reduces it, to what the handler requires itself.
 *
 * @param type the class that is called, which may have inherited the handler
 */
export function combinedRequirements(
  type: { readonly prototype: object },
  handler: object,
): readonly Requirement[] {
  const own = requirementsOf(handler);
  if (isCommunityAllowed(handler)) return own;
  const inherited = overriddenMethods(type, handler).flatMap(requirementsOf);
  return [...requirementsOf(type), ...inherited, ...own];
}

/**
 * The methods of base classes that a handler replaces, nearest first.
 *
 * @param type the class that is called, which may have inherited the handler
 */
export function overriddenMethods(type: { readonly prototype: object }, handler: object): readonly object[] {
  const chain = prototypesFrom(type.prototype);
  for (const [depth, prototype] of chain.entries()) {
    const name = Reflect.ownKeys(prototype).find((key) => methodOf(prototype, key) === handler);
    if (name !== undefined) return chain.slice(depth + 1).flatMap((base) => methodOf(base, name) ?? []);
  }
  return [];
}

function prototypesFrom(prototype: object): readonly object[] {
  const chain: object[] = [];
  for (let at: object | null = prototype; at !== null; at = Reflect.getPrototypeOf(at)) chain.push(at);
  return chain;
}

/** Read without calling getters. */
function methodOf(prototype: object, name: string | symbol): object | undefined {
  const value: unknown = Reflect.getOwnPropertyDescriptor(prototype, name)?.value;
  return typeof value === 'function' ? value : undefined;
}
