import { setImmediate } from 'node:timers/promises';

/** ms of one turn of the event loop that work on texts may take: sends are waiting behind it. */
const SLICE = 5;

/** `items.map(run)`, with other work in between. */
export async function inTurns<T, R>(items: readonly T[], run: (item: T) => R): Promise<R[]> {
  const results: R[] = [];
  let since = performance.now();
  for (const item of items) {
    results.push(run(item));
    if (performance.now() - since < SLICE) continue;
    await setImmediate();
    since = performance.now();
  }
  return results;
}
