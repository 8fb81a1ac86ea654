/**
 * Waits for a condition by asking again and again: how tests wait, instead of sleeping.
 *
 * @param condition asked every 20 ms; what it throws counts as "not yet"
 * @param deadlineMs default 10 s
 * @throws {Error} at the deadline, with the last error of the condition as its cause
 */
export async function until(condition: () => boolean | Promise<boolean>, deadlineMs = 10_000): Promise<void> {
  const end = performance.now() + deadlineMs;
  let cause: unknown;
  for (;;) {
    try {
      if (await condition()) return;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > end)
      throw new Error(`not true within ${deadlineMs} ms: ${condition.toString()}`, { cause });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
