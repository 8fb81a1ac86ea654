import { median } from './statistics.mjs';

/**
 * Measures the variants one after the other, round by round: A B C, C B A, A B C, … so that a machine that gets slower
 * or faster does so for all of them. Rounds to warm up are measured and thrown away.
 *
 * @param {Record<string, () => number | Promise<number>>} variants each gives one figure
 * @param {{ rounds: number, warmUp?: number, slices?: number }} options `slices`: a round goes through the variants
 *   so often, and its figure is the median; for what takes microseconds, where another process that gets the
 *   processor for a moment would make a figure of its own
 * @returns {Promise<Record<string, number[]>>} one figure for each round
 */
export async function alternate(variants, { rounds, warmUp = 1, slices = 1 }) {
  const labels = Object.keys(variants);
  const samples = Object.fromEntries(labels.map((label) => [label, []]));
  for (let round = -warmUp; round < rounds; round += 1) {
    const figures = Object.fromEntries(labels.map((label) => [label, []]));
    for (let slice = 0; slice < slices; slice += 1) {
      for (const label of (round + slice) % 2 === 0 ? labels : labels.toReversed()) {
        figures[label].push(await variants[label]());
      }
    }
    if (round < 0) continue;
    for (const label of labels) samples[label].push(median(figures[label]));
  }
  return samples;
}
