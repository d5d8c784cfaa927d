// until: wait for a condition, never for a time.
import { setTimeout as rest } from "node:timers/promises";

/**
 * Ask `condition` until it answers something truthy, and answer that. A condition that throws
 * counts as not yet. After `ms` it fails with `what` and the last error.
 */
export async function until(condition, what = "the condition", ms = 30_000) {
  const deadline = Date.now() + ms;
  let last;

  for (let pause = 5; ; pause = Math.min(pause * 2, 200)) {
    try {
      const answer = await condition();
      if (answer) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) throw new Error(`gave up waiting for ${what}`, { cause: last });
    await rest(pause);
  }
}

/** `promise`, or a failure after `ms`. */
export async function within(promise, ms, what) {
  const stop = new AbortController();
  const late = rest(ms, undefined, { signal: stop.signal }).then(
    () => { throw new Error(`${what} took more than ${ms} ms`); },
    () => undefined);

  try {
    return await Promise.race([promise, late]);
  } finally {
    stop.abort();
  }
}
