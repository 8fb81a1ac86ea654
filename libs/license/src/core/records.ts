/**
 * A frozen copy of `entries` without a prototype: names from outside (`constructor`, `__proto__`) are just
 * names in it, never inherited members.
 */
export function frozenRecord<T>(entries: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  const record = Object.create(null) as Record<string, T>;
  // Not Object.entries: of the hundreds that a license may have it takes as long as the signature.
  for (const name of Object.keys(entries)) record[name] = entries[name] as T;
  return Object.freeze(record);
}
