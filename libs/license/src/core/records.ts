/**
 * A frozen copy of `entries` without a prototype: names from outside (`constructor`, `__proto__`) are just
 * names in it, never inherited members.
 */
export function frozenRecord<T>(entries: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  const record = Object.create(null) as Record<string, T>;
  for (const [name, value] of Object.entries(entries)) record[name] = value;
  return Object.freeze(record);
}
