import type { Message } from '../../../shared/wire/rest.ts';
import type { LogEntry, LogStore, Tally } from '../../store/log.ts';
import { person, present, type Names } from './present.ts';

export interface ThreadDeps {
  readonly store: Pick<LogStore, 'tallies'>;
  readonly names: Names;
}

/**
 * The entries (messages of one room) as the API shows them, with what stands in the threads below them in numbers up to
 * `head`: counted in the log itself, so that it cannot go wrong. A message just sent has no thread and needs no count.
 */
export async function presentRoots(
  entries: readonly LogEntry[],
  { store, names }: ThreadDeps,
  head = Number.MAX_SAFE_INTEGER,
): Promise<Message[]> {
  const room = entries[0]?.room;
  const roots = entries.flatMap(({ kind, thread, seq }) =>
    kind === 'text' && thread === undefined ? [seq] : [],
  );
  if (room === undefined || roots.length === 0) return present(entries, names);
  const [messages, tallies] = await Promise.all([present(entries, names), store.tallies(room, roots, head)]);
  if (tallies.size === 0) return messages;
  const people = await names.names([...new Set([...tallies.values()].flatMap(({ users }) => users))]);
  return messages.map((message) => {
    const tally = tallies.get(message.seq);
    return tally === undefined ? message : { ...message, ...shown(tally, people) };
  });
}

function shown(
  { replies, seq, at, users }: Tally,
  people: ReadonlyMap<string, Message['sender']>,
): Pick<Message, 'replies' | 'lastReply'> {
  const by = users.map((id) => person(id, people));
  return { replies, lastReply: { seq, at: at.toISOString(), users: by } };
}
