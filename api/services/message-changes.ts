import { ParleyError } from '../../shared/node/errors.ts';
import { LIMITS } from '../../shared/wire/protocol.ts';
import { isBlank } from '../../shared/wire/visible.ts';
import { requireRight } from '../rights/require.ts';
import type { LogEntry, LogStore } from '../store/log.ts';
import { hasReacted, requireReactionSpace } from './log/apply-change.ts';
import type { Changes, Decide } from './log/changes.ts';
import type { Membership, MembershipCache } from './membership.ts';
import type { Mentions } from './mentions.ts';
import type { Notices } from './notices.ts';
import type { Patience } from './patience.ts';

/**
 * Who may change a message, and how. Everything here may be repeated: what is so already is answered as it stands. All
 * give the message afterwards; all reject `not_found` (room or message), `forbidden`, `conflict`, and what `Changes` does;
 * `unavailable`, the outcome open, when the store takes too long.
 */
export class MessageChanges {
  readonly #membership: Pick<MembershipCache, 'requireWriter'>;
  readonly #changes: Pick<Changes, 'change'>;
  readonly #patience: Pick<Patience, 'ask'>;
  readonly #store: Pick<LogStore, 'pinned'>;
  readonly #mentions: Pick<Mentions, 'find'>;
  readonly #notices: Pick<Notices, 'pinned'>;

  constructor(deps: {
    readonly membership: Pick<MembershipCache, 'requireWriter'>;
    readonly changes: Pick<Changes, 'change'>;
    readonly patience: Pick<Patience, 'ask'>;
    readonly store: Pick<LogStore, 'pinned'>;
    readonly mentions: Pick<Mentions, 'find'>;
    readonly notices: Pick<Notices, 'pinned'>;
  }) {
    this.#membership = deps.membership;
    this.#changes = deps.changes;
    this.#patience = deps.patience;
    this.#store = deps.store;
    this.#mentions = deps.mentions;
    this.#notices = deps.notices;
  }

  /** The sender's own text only; an empty one only where files stand in the message. */
  edit(user: string, room: string, seq: number, text: string): Promise<LogEntry> {
    return this.#asMember(user, room, async () => {
      const mentions = await this.#mentions.find(user, room, text);
      const named = mentions === undefined ? {} : { mentions };
      return this.#changes.change(room, seq, user, (message) => {
        requireText(message);
        if (message.sender !== user) throw forbidden('Only its sender may edit a message.');
        requireThere(message);
        if (isBlank(text) && (message.attachments ?? []).length === 0) throw wordless();
        if (message.forwardedFrom !== undefined) throw forbidden('These are another one’s words.');
        return message.text === text ? undefined : { type: 'edit', text, ...named };
      });
    });
  }

  /** The sender's own, or any for the room's owners and admins. What stays is a tombstone. */
  remove(user: string, room: string, seq: number): Promise<LogEntry> {
    return this.#change(user, room, seq, (message, { role, room: where }) => {
      requireText(message);
      if (message.sender !== user) requireRight('message.deleteOther', where, role);
      return message.deletedAt === undefined ? { type: 'delete' } : undefined;
    });
  }

  react(user: string, room: string, seq: number, emoji: string): Promise<LogEntry> {
    return this.#change(user, room, seq, (message) => {
      requireThere(message);
      if (hasReacted(message, emoji, user)) return undefined;
      requireReactionSpace(message, emoji);
      return { type: 'react', emoji };
    });
  }

  unreact(user: string, room: string, seq: number, emoji: string): Promise<LogEntry> {
    return this.#change(user, room, seq, (message) => {
      requireThere(message);
      return hasReacted(message, emoji, user) ? { type: 'unreact', emoji } : undefined;
    });
  }

  async pin(user: string, room: string, seq: number): Promise<LogEntry> {
    let isNew = false;
    const message = await this.#asMember(user, room, async (membership) => {
      requireRight('message.pin', membership.room, membership.role);
      const held = await this.#store.pinned(room, LIMITS.pins);
      return this.#changes.change(room, seq, user, (found) => {
        requireText(found);
        requireThere(found);
        isNew = found.pinnedAt === undefined;
        if (isNew && held.length >= LIMITS.pins) throw tooManyPins();
        return isNew ? { type: 'pin' } : undefined;
      });
    });
    if (isNew) await this.#notices.pinned(room, user, seq);
    return message;
  }

  unpin(user: string, room: string, seq: number): Promise<LogEntry> {
    return this.#change(user, room, seq, (message, { role, room: where }) => {
      requireText(message);
      requireRight('message.pin', where, role);
      return message.pinnedAt === undefined ? undefined : { type: 'unpin' };
    });
  }

  #change(user: string, room: string, seq: number, decide: DecideAs): Promise<LogEntry> {
    return this.#asMember(user, room, (membership) =>
      this.#changes.change(room, seq, user, (message) => decide(message, membership)),
    );
  }

  #asMember(
    user: string,
    room: string,
    work: (membership: Membership) => Promise<LogEntry>,
  ): Promise<LogEntry> {
    return this.#patience.ask(async () => work(await this.#membership.requireWriter(user, room)));
  }
}

/** As `Decide`, by somebody who is this in the room. */
type DecideAs = (message: LogEntry, membership: Membership) => ReturnType<Decide>;

function requireText({ kind }: LogEntry): void {
  if (kind !== 'text') throw forbidden('A notice stays as it is.');
}

function requireThere({ deletedAt }: LogEntry): void {
  if (deletedAt !== undefined) throw new ParleyError('conflict', 'This message was deleted.');
}

const wordless = (): ParleyError =>
  new ParleyError('invalid', 'A message without files needs a text that can be seen.');
const tooManyPins = (): ParleyError =>
  new ParleyError('conflict', `A room holds at most ${LIMITS.pins} pinned messages. Unpin one first.`);
const forbidden = (detail: string): ParleyError => new ParleyError('forbidden', detail);
