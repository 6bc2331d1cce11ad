import type { SearchFilter } from '../../store/search.ts';

/** ms back from where a search begins: a common word fills its page from there, whatever the years before hold. */
const RECENT = 2 * 86_400_000;

/** `filter` in parts, newest first, that hold each row of it once. `now`: ms since 1970. */
export function windowsOf(filter: SearchFilter, now: number): readonly SearchFilter[] {
  const { after, before, behind } = filter;
  const begin = Math.min(now, before?.getTime() ?? now, behind?.at.getTime() ?? now);
  const border = new Date(Math.max(begin - RECENT, 0));
  if (after !== undefined && border <= after) return [filter];
  return [
    { ...filter, after: border },
    { ...filter, before: border },
  ];
}
