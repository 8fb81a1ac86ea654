// One file of test vectors in the making. Its form is described in docs/conformance.md.
import { notes } from './notes.mjs';

const lineWidth = 140;

/** A file with its groups and tests; hands out the test ids. */
export class VectorFile {
  #groups = [];
  #nextId;

  /**
   * @param what what the file is about, in one line
   * @param header more lines about it
   * @param firstId each file has a range of its own, so that a new test renumbers only those behind it
   */
  constructor(what, header, firstId) {
    this.what = what;
    this.header = header;
    this.#nextId = firstId;
  }

  /** Begins a group. @param shared its `type`, `comment`, and the inputs that its tests share */
  group(shared) {
    const tests = [];
    this.#groups.push({ ...shared, tests });
    const add = (comment, flags, inputs, result) => {
      tests.push({ tcId: this.#nextId, comment, ...result, flags, ...inputs });
      this.#nextId += 1;
    };
    return {
      valid: (comment, flags, inputs) => add(comment, flags, inputs, { result: 'valid' }),
      invalid: (comment, flags, code, inputs) => add(comment, flags, inputs, { result: 'invalid', code }),
    };
  }

  /** The text of the file. */
  toString() {
    const tests = this.#groups.flatMap((group) => group.tests);
    const used = new Set(tests.flatMap((test) => test.flags));
    const content = {
      what: this.what,
      schema: 'latchkey-testvectors-1',
      numberOfTests: tests.length,
      header: this.header,
      notes: notesOn(used),
      testGroups: this.#groups,
    };
    return `${print(JSON.parse(JSON.stringify(content)))}\n`; // what is undefined is left out
  }
}

/** What the flags mean, in the order of the notes. */
function notesOn(flags) {
  for (const flag of flags) {
    if (!Object.hasOwn(notes, flag)) throw new Error(`notes.mjs does not explain the flag ${flag}`);
  }
  return Object.fromEntries(Object.entries(notes).filter(([flag]) => flags.has(flag)));
}

/** JSON for people and for diffs: as much on a line as fits, what is long on a line of its own. */
function print(value, indent = '') {
  const line = JSON.stringify(value, null, 1).replace(/\n */g, ' ');
  if (typeof value !== 'object' || value === null || indent.length + line.length <= lineWidth) return line;
  const deeper = `${indent} `;
  const items = Array.isArray(value)
    ? value.map((item) => print(item, deeper))
    : Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${print(item, deeper)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${deeper}${fill(items).join(`,\n${deeper}`)}\n${indent}${close}`;
}

function fill(items) {
  const lines = [];
  for (const item of items) {
    const both = `${lines.at(-1)}, ${item}`;
    if (lines.length > 0 && both.length <= lineWidth && !both.includes('\n')) lines.splice(-1, 1, both);
    else lines.push(item);
  }
  return lines;
}
