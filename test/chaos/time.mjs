const observeEveryMs = 50;

/** The moment between two looks at the world. */
export function pause(ms = observeEveryMs) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** A time for people. */
export function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}
