/** Like Promise.all over `items.map(run)`, with at most `concurrency` of them under way at once; after a failure none is begun. */
export async function each<T, R>(
  items: readonly T[],
  concurrency: number,
  run: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  const entries = items.entries();
  let hasFailed = false;
  const worker = async (): Promise<void> => {
    for (const [i, item] of entries) {
      results[i] = await run(item, i);
      if (hasFailed) return;
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker));
  } catch (error) {
    hasFailed = true;
    throw error;
  }
  return results;
}
