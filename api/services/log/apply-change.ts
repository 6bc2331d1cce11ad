import { ParleyError } from '../../../shared/node/errors.ts';
import { LIMITS } from '../../../shared/wire/protocol.ts';
import type { ChangeAction, LogEntry, Reaction } from '../../store/log.ts';

/** Reactions one message may hold over all its emojis: they are part of its document. */
const MAX_REACTIONS = 10_000;

/** The message as it stands after `change`, which must be made on the state the message is in. Pure. */
export function applyChange(message: LogEntry, change: LogEntry): LogEntry {
  const next = { ...message, rev: change.seq };
  const { action, by = '' } = change;
  switch (action?.type) {
    case 'edit':
      return edited(next, action, change.at);
    case 'delete':
      return tombstone(next, change.at);
    case 'react':
      return withReactions(next, add(message.reactions ?? [], action.emoji, by));
    case 'unreact':
      return withReactions(next, remove(message.reactions ?? [], action.emoji, by));
    case 'pin':
      return { ...next, pinnedAt: change.at };
    case 'unpin':
      return unpinned(next);
    case undefined:
      return next;
  }
}

/** What it says now names those it names now. */
function edited(message: LogEntry, { text, mentions }: Edit, at: Date): LogEntry {
  const { mentions: _, ...rest } = message;
  return { ...rest, text, editedAt: at, ...(mentions === undefined ? {} : { mentions }) };
}
type Edit = Extract<ChangeAction, { readonly type: 'edit' }>;

function unpinned(message: LogEntry): LogEntry {
  const { pinnedAt: _, ...rest } = message;
  return rest;
}

/** True when `user` has reacted with `emoji`. */
export function hasReacted(message: LogEntry, emoji: string, user: string): boolean {
  return (message.reactions ?? []).some((one) => one.emoji === emoji && one.users.includes(user));
}

/** Throws `invalid` where a message can take no further emoji, `conflict` where it can take no further reaction at all. */
export function requireReactionSpace({ reactions = [] }: LogEntry, emoji: string): void {
  const isNew = reactions.every((one) => one.emoji !== emoji);
  if (isNew && reactions.length >= LIMITS.emojis)
    throw new ParleyError('invalid', `A message can have at most ${LIMITS.emojis} different emojis.`);
  if (reactions.reduce((sum, { users }) => sum + users.length, 0) >= MAX_REACTIONS)
    throw new ParleyError('conflict', 'This message has as many reactions as it can hold.');
}

/** What is left of a deleted message: its place, sender and clientId. */
function tombstone(message: LogEntry, at: Date): LogEntry {
  const { mentions: _m, attachments: _a, reactions: _r, pinnedAt: _p, forwardedFrom: _f, ...rest } = message;
  return { ...rest, text: '', deletedAt: at };
}

function withReactions(message: LogEntry, reactions: readonly Reaction[]): LogEntry {
  const { reactions: _, ...rest } = message;
  return reactions.length === 0 ? rest : { ...rest, reactions };
}

function add(reactions: readonly Reaction[], emoji: string, user: string): readonly Reaction[] {
  if (reactions.every((one) => one.emoji !== emoji)) return [...reactions, { emoji, users: [user] }];
  return reactions.map((one) =>
    one.emoji === emoji && !one.users.includes(user) ? { emoji, users: [...one.users, user] } : one,
  );
}

function remove(reactions: readonly Reaction[], emoji: string, user: string): readonly Reaction[] {
  return reactions
    .map((one) => (one.emoji === emoji ? { emoji, users: one.users.filter((id) => id !== user) } : one))
    .filter(({ users }) => users.length > 0);
}
