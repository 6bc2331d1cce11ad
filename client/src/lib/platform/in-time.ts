/** ms; a database that does not open in time is done without. */
const PATIENCE = 2_000;

/** Rejects where a database does not answer: browsers have been known to let one wait for ever. */
export async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error('IndexedDB does not answer.'));
    }, PATIENCE);
  });
  return await Promise.race([work, late]).finally(() => {
    clearTimeout(timer);
  });
}
