/** What is costly to start and serves many test files. */

/** Of what has started, in that order. */
const stops: (() => Promise<void>)[] = [];
after(async function () {
  this.timeout(120_000);
  for (const stop of stops.toReversed()) await stop();
});

/**
 * Starts it when it is first asked for, and stops it with the mocha process: after all that started later, and may stand on it.
 * Call it where a module begins.
 */
export function shared<T>(start: () => Promise<T>, stop: (it: T) => Promise<void>): () => Promise<T> {
  let running: Promise<T> | undefined;
  const begin = async (): Promise<T> => {
    const it = await start();
    stops.push(() => stop(it));
    return it;
  };
  return () => (running ??= begin());
}
