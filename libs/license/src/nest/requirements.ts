/** What a handler needs. */
export type Requirement =
  | { readonly kind: 'edition'; readonly edition: string }
  | { readonly kind: 'feature'; readonly feature: string };

/** Metadata key under which the decorators leave requirements on a class or handler. */
const requirementsKey = Symbol.for('latchkey:requirements');

/** Adds to what a class or handler requires already, inherited requirements included. */
export function addRequirements(target: object, requirements: readonly Requirement[]): void {
  Reflect.defineMetadata(requirementsKey, [...requirementsOf(target), ...requirements], target);
}

/** What the decorators left on a class or a handler. */
export function requirementsOf(target: object): readonly Requirement[] {
  return (Reflect.getMetadata(requirementsKey, target) as readonly Requirement[] | undefined) ?? [];
}
