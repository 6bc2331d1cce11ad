import type { Message, SearchQuery, SearchResults } from '../wire/rest.ts';
import { fits, parsePlan, type Feature } from '../wire/search.ts';

/** Messages given at most. */
const MAX_FOUND = 200;

/** What of `messages` a search asks for, newest first, by the rules of the server. Without a word, sender or feature: nothing. */
export function searchKept(messages: readonly Message[], query: SearchQuery): SearchResults {
  const plan = parsePlan(query.q ?? '', query.prefix === 'true');
  const has = (query.has?.split(',') ?? []) as Feature[];
  const isAsking = plan.wanted.length > 0 || plan.typed !== undefined || has.length > 0;
  if (!isAsking && query.from === undefined) return { results: [] };
  const { room, from } = query;
  const [after, before] = [timeOf(query.after, -Infinity), timeOf(query.before, Infinity)];
  const isFound = (message: Message): boolean => {
    if (message.kind !== 'text' || message.deletedAt !== undefined) return false;
    if (room !== undefined && message.room !== room) return false;
    if (from !== undefined && message.sender.id !== from && message.sender.username !== from) return false;
    const at = Date.parse(message.at);
    return at >= after && at < before && fits(message, plan, has);
  };
  const found = messages.filter(isFound).sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  return { results: found.slice(0, MAX_FOUND) };
}

const timeOf = (text: string | undefined, otherwise: number): number =>
  text === undefined ? otherwise : Date.parse(text);
