import type { Evidence, Overheard, Trouble } from '../evidence.ts';
import { groupBy } from '../group.ts';
import { overlaps } from './spans.ts';
import { violation, type Violation } from './violation.ts';

/** ms after the answer to a removal in which something of the room may still come. */
const LIMIT = 1_000;
/** At worst: the signal was lost, or Redis was away. */
const LONG_LIMIT = 30_000;
/** ms before the removal in which a trouble still matters to it. */
const AFTERMATH = 5_000;
/** ms by which the observing process may itself be late: it shares the machine. */
const SLACK = 1_500;

/** What reached somebody of a room they were out of. One violation a user and room. */
export function overheard({ overheard: all, troubles }: Evidence): Violation[] {
  const wrong = all.filter((item) => item.at > item.removedAt + allowance(item, troubles));
  return [...groupBy(wrong, ({ user, room }) => `${user} ${room}`).values()].flatMap((items) => {
    const [first] = items;
    if (first === undefined) return [];
    const { user, room, who, what, at, removedAt } = first;
    const detail = `${items.length}: ${what} reached ${who} ${at - removedAt} ms after the removal at ${removedAt}`;
    return [violation('overheard', `${user} in ${room}`, detail, { user, room, at })];
  });
}

/**
 * The short limit holds where nothing was wrong around the removal. What was on its way through something that stood
 * still comes late without having left late, so any trouble gives the long one.
 */
function allowance({ removedAt, at, isClean }: Overheard, troubles: readonly Trouble[]): number {
  const around = { from: removedAt - AFTERMATH, to: at };
  const isCalm =
    isClean && !troubles.some((trouble) => trouble.part !== 'nginx' && overlaps(trouble, around));
  return (isCalm ? LIMIT : LONG_LIMIT) + SLACK;
}
