import type { SearchFilter, SearchStore } from '../../store/search.ts';

/** Terms that are compared; of more, those that come first. */
const MAX_COMPARED = 4;
/** Rows counted of one term: whatever has more is common. */
const ENOUGH = 1_000;

/**
 * `filter` with the rarest of its terms first. An index goes by one word and compares the others with what that found: by
 * the wrong one it may read most of what was ever said, by the right one a handful.
 */
export async function rarestFirst(
  store: Pick<SearchStore, 'count'>,
  filter: SearchFilter,
  ms: number,
): Promise<SearchFilter> {
  if (filter.all.length < 2) return filter;
  const compared = filter.all.slice(0, MAX_COMPARED);
  const counts = await Promise.all(compared.map((term) => store.count(filter.rooms, term, ENOUGH, ms)));
  const [rarest] = compared
    .map((term, i) => ({ term, count: counts[i] ?? ENOUGH }))
    .sort((a, b) => a.count - b.count);
  const first = rarest === undefined ? [] : [rarest.term];
  return { ...filter, all: [...first, ...filter.all.filter((term) => term !== rarest?.term)] };
}
