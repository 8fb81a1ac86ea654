/** What a command found, ready to be printed in either form. */
export interface Outcome {
  /** False makes the exit code 1: the command did its work, and the answer is no. */
  readonly ok: boolean;
  /** Lines for people. */
  readonly lines: readonly string[];
  /** The same for programs; printed with `ok` in front. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** Where a command hands in its outcome, once. */
export type Report = (outcome: Outcome) => void;

/** A label and its value; several values stand below each other. */
export type Row = readonly [label: string, value: string | readonly string[]];

const labelWidth = 13;

/** Rows as lines, their values in one column. */
export function table(rows: readonly Row[]): string[] {
  return rows.flatMap(([label, value]) => {
    const values = typeof value === 'string' ? [value] : value;
    return values.map((text, index) => (index === 0 ? label : '').padEnd(labelWidth) + text);
  });
}

// C0 and C1 controls, line separators, and the marks that reverse the direction of text.
const unprintable = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu;

/**
 * Text from a file, safe to print on a terminal.
 * Attack: a customer name with a line break and "signature    valid" in it, or with an escape sequence.
 */
export function printable(text: string): string {
  return text.replace(unprintable, (found) => `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`);
}
