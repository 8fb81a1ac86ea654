/** The value below which the share `p` of the sorted samples lies. */
export function quantile(samples, p) {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * p;
  const low = Math.floor(at);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (sorted[high] - sorted[low]) * (at - low);
}

export const median = (samples) => quantile(samples, 0.5);

/** Median and spread of some samples: quartiles, and the whole range. */
export function summary(samples) {
  return {
    median: median(samples),
    q1: quantile(samples, 0.25),
    q3: quantile(samples, 0.75),
    min: Math.min(...samples),
    max: Math.max(...samples),
    n: samples.length,
  };
}

/** Ratio by ratio: what was measured in the same round is compared, so that a slow moment slows both. */
export const ratios = (numerators, denominators) => numerators.map((value, i) => value / denominators[i]);
