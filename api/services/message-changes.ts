import { ParleyError } from '../../shared/node/errors.ts';
import type { LogEntry } from '../store/log.ts';
import { hasReacted, requireReactionSpace } from './log/apply-change.ts';
import type { Changes } from './log/changes.ts';
import type { MembershipCache } from './membership.ts';

/**
 * Who may change a message, and how. Everything here may be repeated: what is so already is answered as it stands. All
 * give the message afterwards; all reject `not_found` (room or message), `forbidden`, `conflict`, and what `Changes` does.
 */
export class MessageChanges {
  readonly #membership: Pick<MembershipCache, 'require'>;
  readonly #changes: Pick<Changes, 'change'>;

  constructor(deps: {
    readonly membership: Pick<MembershipCache, 'require'>;
    readonly changes: Pick<Changes, 'change'>;
  }) {
    this.#membership = deps.membership;
    this.#changes = deps.changes;
  }

  /** The sender's own text only. */
  async edit(user: string, room: string, seq: number, text: string): Promise<LogEntry> {
    await this.#membership.require(user, room);
    return this.#changes.change(room, seq, user, (message) => {
      requireText(message);
      if (message.sender !== user) throw forbidden('Only its sender may edit a message.');
      requireThere(message);
      return message.text === text ? undefined : { type: 'edit', text };
    });
  }

  /** The sender's own, or any for the room's owners and admins. What stays is a tombstone. */
  async remove(user: string, room: string, seq: number): Promise<LogEntry> {
    const { role } = await this.#membership.require(user, room);
    return this.#changes.change(room, seq, user, (message) => {
      requireText(message);
      if (message.sender !== user && role === 'member')
        throw forbidden('Only its sender, or an owner or admin of the room, may delete a message.');
      return message.deletedAt === undefined ? { type: 'delete' } : undefined;
    });
  }

  async react(user: string, room: string, seq: number, emoji: string): Promise<LogEntry> {
    await this.#membership.require(user, room);
    return this.#changes.change(room, seq, user, (message) => {
      requireThere(message);
      if (hasReacted(message, emoji, user)) return undefined;
      requireReactionSpace(message, emoji);
      return { type: 'react', emoji };
    });
  }

  async unreact(user: string, room: string, seq: number, emoji: string): Promise<LogEntry> {
    await this.#membership.require(user, room);
    return this.#changes.change(room, seq, user, (message) => {
      requireThere(message);
      return hasReacted(message, emoji, user) ? { type: 'unreact', emoji } : undefined;
    });
  }
}

function requireText({ kind }: LogEntry): void {
  if (kind !== 'text') throw forbidden('A notice stays as it is.');
}

function requireThere({ deletedAt }: LogEntry): void {
  if (deletedAt !== undefined) throw new ParleyError('conflict', 'This message was deleted.');
}

const forbidden = (detail: string): ParleyError => new ParleyError('forbidden', detail);
