import type { Message, UserSummary } from '../../../shared/wire/rest.ts';
import type { LogEntry, Reaction } from '../../store/log.ts';

/** Names are not stored with messages; they are filled in when one is read or published. */
export interface Names {
  names(
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, Pick<UserSummary, 'id' | 'username' | 'displayName'>>>;
}

/** Ids shown with each emoji; beyond that only the count tells. */
const SHOWN_REACTORS = 20;
const NOBODY = { id: '000000000000000000000000', username: 'deleted', displayName: 'Deleted user' };

/** The entries (messages only) as the API shows them, in the same order. */
export async function present(entries: readonly LogEntry[], names: Names): Promise<Message[]> {
  const senders = await names.names([...new Set(entries.flatMap((entry) => entry.sender ?? []))]);
  return entries.map((entry) =>
    toMessage(entry, senders.get(entry.sender ?? '') ?? { ...NOBODY, id: entry.sender ?? NOBODY.id }),
  );
}

function toMessage(entry: LogEntry, sender: Message['sender']): Message {
  return {
    room: entry.room,
    seq: entry.seq,
    id: entry.id,
    ...(entry.clientId === undefined ? {} : { clientId: entry.clientId }),
    kind: entry.kind === 'notice' ? 'notice' : 'text',
    sender: { id: sender.id, username: sender.username, displayName: sender.displayName },
    text: entry.text ?? '',
    at: entry.at.toISOString(),
    rev: entry.rev,
    ...(entry.replyTo === undefined ? {} : { replyTo: entry.replyTo }),
    ...(entry.thread === undefined ? {} : { thread: entry.thread }),
    ...(entry.event === undefined ? {} : { event: entry.event }),
    ...(entry.mentions === undefined ? {} : { mentions: entry.mentions }),
    ...(entry.reactions === undefined ? {} : { reactions: toReactions(entry.reactions) }),
    ...(entry.editedAt === undefined ? {} : { editedAt: entry.editedAt.toISOString() }),
    ...(entry.deletedAt === undefined ? {} : { deletedAt: entry.deletedAt.toISOString() }),
  };
}

function toReactions(reactions: readonly Reaction[]): NonNullable<Message['reactions']> {
  return Object.fromEntries(
    reactions.map(({ emoji, users }) => [
      emoji,
      { count: users.length, users: users.slice(-SHOWN_REACTORS) },
    ]),
  );
}
