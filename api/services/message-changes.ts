import { ParleyError } from '../../shared/node/errors.ts';
import type { Role } from '../../shared/wire/rest.ts';
import type { LogEntry } from '../store/log.ts';
import { hasReacted, requireReactionSpace } from './log/apply-change.ts';
import type { Changes, Decide } from './log/changes.ts';
import type { MembershipCache } from './membership.ts';
import type { Patience } from './patience.ts';

/**
 * Who may change a message, and how. Everything here may be repeated: what is so already is answered as it stands. All
 * give the message afterwards; all reject `not_found` (room or message), `forbidden`, `conflict`, and what `Changes` does;
 * `unavailable`, the outcome open, when the store takes too long.
 */
export class MessageChanges {
  readonly #membership: Pick<MembershipCache, 'require'>;
  readonly #changes: Pick<Changes, 'change'>;
  readonly #patience: Pick<Patience, 'ask'>;

  constructor(deps: {
    readonly membership: Pick<MembershipCache, 'require'>;
    readonly changes: Pick<Changes, 'change'>;
    readonly patience: Pick<Patience, 'ask'>;
  }) {
    this.#membership = deps.membership;
    this.#changes = deps.changes;
    this.#patience = deps.patience;
  }

  /** The sender's own text only. */
  edit(user: string, room: string, seq: number, text: string): Promise<LogEntry> {
    return this.#change(user, room, seq, (message) => {
      requireText(message);
      if (message.sender !== user) throw forbidden('Only its sender may edit a message.');
      requireThere(message);
      return message.text === text ? undefined : { type: 'edit', text };
    });
  }

  /** The sender's own, or any for the room's owners and admins. What stays is a tombstone. */
  remove(user: string, room: string, seq: number): Promise<LogEntry> {
    return this.#change(user, room, seq, (message, role) => {
      requireText(message);
      if (message.sender !== user && role === 'member')
        throw forbidden('Only its sender, or an owner or admin of the room, may delete a message.');
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

  #change(user: string, room: string, seq: number, decide: DecideAs): Promise<LogEntry> {
    return this.#patience.ask(async () => {
      const { role } = await this.#membership.require(user, room);
      return this.#changes.change(room, seq, user, (message) => decide(message, role));
    });
  }
}

/** As `Decide`, by somebody with this role in the room. */
type DecideAs = (message: LogEntry, role: Role) => ReturnType<Decide>;

function requireText({ kind }: LogEntry): void {
  if (kind !== 'text') throw forbidden('A notice stays as it is.');
}

function requireThere({ deletedAt }: LogEntry): void {
  if (deletedAt !== undefined) throw new ParleyError('conflict', 'This message was deleted.');
}

const forbidden = (detail: string): ParleyError => new ParleyError('forbidden', detail);
