import { ratios, summary } from './statistics.mjs';

/** What one row of the benchmark found: figures, ratios with what is to be reached, and facts. */
export class Result {
  measured = [];
  compared = [];
  facts = [];
  notes = [];

  /**
   * @param {string} name
   * @param {string} title
   * @param {string} unit of the figures
   */
  constructor(name, title, unit) {
    this.name = name;
    this.title = title;
    this.unit = unit;
  }

  /** @param {Record<string, number[]>} samples by what was measured; one for each round */
  measure(samples, unit = this.unit) {
    for (const [label, values] of Object.entries(samples)) {
      this.measured.push({ label, unit, samples: values, ...summary(values) });
    }
    return this;
  }

  /**
   * @param {string} label what is compared
   * @param {{ atMost?: number, atLeast?: number }} [reach]
   */
  compare(label, numerators, denominators, reach = {}) {
    const samples = ratios(numerators, denominators);
    const found = summary(samples);
    const { atMost = Infinity, atLeast = -Infinity } = reach;
    const isReached = found.median <= atMost && found.median >= atLeast;
    const hasReach = Object.keys(reach).length > 0;
    this.compared.push({ label, samples, ...found, ...reach, ...(hasReach ? { isReached } : {}) });
    return this;
  }

  /** A difference that is to be reached, with a unit of its own. */
  add(label, samples, unit, { atMost }) {
    const found = summary(samples);
    this.measured.push({ label, unit, samples, ...found, atMost, isReached: found.median <= atMost });
    return this;
  }

  /** Something that is so or not, or a figure without rounds. */
  fact(label, found, isReached) {
    this.facts.push({ label, found: String(found), ...(isReached === undefined ? {} : { isReached }) });
    return this;
  }

  note(text) {
    this.notes.push(text);
    return this;
  }

  /** A peer that is not there is printed, with the reason, instead of its figures. */
  missing({ reason }) {
    return this.note(`missing: ${reason}`);
  }
}
