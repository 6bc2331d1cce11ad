/** `make` for each number below `count`, so many at a time; results in order. The first failure ends it. */
export async function each<T>(
  count: number,
  atOnce: number,
  make: (index: number) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count) {
      const index = next++;
      results[index] = await make(index);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(count, atOnce) }, work));
  } catch (error) {
    next = count;
    throw error;
  }
  return results;
}
