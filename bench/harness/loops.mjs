let loops = 0;

/**
 * A loop of its own for `task`, so that the compiler may not mix up what it learned about different ones. What the
 * task returns is counted and the count is looked at: code without an effect would be left out.
 *
 * @param {() => boolean} task must return true
 * @returns {(times: number) => void}
 */
function loopOf(task) {
  loops += 1;
  const source = `/* ${loops} */ return (times) => {
    let passed = 0;
    for (let i = 0; i < times; i += 1) if (task() === true) passed += 1;
    if (passed !== times) throw new Error('the task failed ' + (times - passed) + ' times');
  };`;
  return new Function('task', source)(task);
}

function asyncLoopOf(task) {
  return async (times) => {
    for (let i = 0; i < times; i += 1) if ((await task()) !== true) throw new Error('the task failed');
  };
}

/**
 * @param {() => boolean} task
 * @param {number} times how often for one figure
 * @returns {() => number} measures: nanoseconds for each call
 */
export function timed(task, times) {
  const loop = loopOf(task);
  return () => {
    const startedAt = process.hrtime.bigint();
    loop(times);
    return Number(process.hrtime.bigint() - startedAt) / times;
  };
}

/** As {@link timed}, for a task that returns a promise of true: one after the other. */
export function timedAsync(task, times) {
  const loop = asyncLoopOf(task);
  return async () => {
    const startedAt = process.hrtime.bigint();
    await loop(times);
    return Number(process.hrtime.bigint() - startedAt) / times;
  };
}
