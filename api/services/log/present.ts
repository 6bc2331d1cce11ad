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
  const people = await names.names([...new Set(entries.flatMap(peopleIn))]);
  return entries.map((entry) => toMessage(entry, people));
}

type People = ReadonlyMap<string, Message['sender']>;
const peopleIn = ({ sender, forwardedFrom }: LogEntry): string[] => {
  if (forwardedFrom !== undefined) return sender === undefined ? [forwardedFrom] : [sender, forwardedFrom];
  return sender === undefined ? [] : [sender];
};

/** By the names there are; who is gone has none. */
export function person(id: string | undefined, people: People): Message['sender'] {
  const known = people.get(id ?? '') ?? { ...NOBODY, id: id ?? NOBODY.id };
  return { id: known.id, username: known.username, displayName: known.displayName };
}

/** Field by field, not by spreading: this is done for every message sent and read. */
function toMessage(entry: LogEntry, people: People): Message {
  const message: Mutable<Message> = {
    room: entry.room,
    seq: entry.seq,
    id: entry.id,
    kind: entry.kind === 'notice' ? 'notice' : 'text',
    sender: person(entry.sender, people),
    text: entry.text ?? '',
    at: entry.at.toISOString(),
    rev: entry.rev,
  };
  if (entry.clientId !== undefined) message.clientId = entry.clientId;
  if (entry.replyTo !== undefined) message.replyTo = entry.replyTo;
  if (entry.thread !== undefined) message.thread = entry.thread;
  if (entry.forwardedFrom !== undefined)
    message.forwardedFrom = { sender: person(entry.forwardedFrom, people) };
  if (entry.event !== undefined) message.event = entry.event;
  if (entry.mentions !== undefined) message.mentions = entry.mentions;
  if (entry.attachments !== undefined) message.attachments = entry.attachments;
  if (entry.reactions !== undefined) message.reactions = toReactions(entry.reactions);
  if (entry.pinnedAt !== undefined) message.pinnedAt = entry.pinnedAt.toISOString();
  if (entry.editedAt !== undefined) message.editedAt = entry.editedAt.toISOString();
  if (entry.deletedAt !== undefined) message.deletedAt = entry.deletedAt.toISOString();
  return message;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function toReactions(reactions: readonly Reaction[]): NonNullable<Message['reactions']> {
  return Object.fromEntries(
    reactions.map(({ emoji, users }) => [
      emoji,
      { count: users.length, users: users.slice(-SHOWN_REACTORS) },
    ]),
  );
}
