import type { Member, Room } from '../wire/rest.ts';
import { LIMITS } from '../wire/protocol.ts';
import { hasReceipts } from '../wire/receipts.ts';
import type { Thresholds } from './timeline.ts';

interface Cursor {
  readonly read: number;
  readonly got: number;
}

/** How far the others of a room have got and read; cursors only move on. Bounded by the size of rooms with receipts. */
export class Receipts {
  readonly #cursors = new Map<string, Cursor>();

  /** True when it moved. */
  move(user: string, read: number, got = 0): boolean {
    const before = this.#cursors.get(user) ?? { read: 0, got: 0 };
    const after = { read: Math.max(before.read, read), got: Math.max(before.got, got, read) };
    if (after.read === before.read && after.got === before.got) return false;
    if (!this.#cursors.has(user) && this.#cursors.size >= LIMITS.receiptMembers) return false;
    this.#cursors.set(user, after);
    return true;
  }

  /** Up to where *all* others have got and read; 0 while not all of them are known. */
  thresholds(room: Room | undefined, members: readonly Member[], me: string): Thresholds {
    const others = othersOf(room, members, me).map((user) => this.#cursors.get(user));
    if (others.length === 0) return { read: 0, delivered: 0 };
    return {
      read: Math.min(...others.map((cursor) => cursor?.read ?? 0)),
      delivered: Math.min(...others.map((cursor) => cursor?.got ?? 0)),
    };
  }

  clear(): void {
    this.#cursors.clear();
  }
}

function othersOf(room: Room | undefined, members: readonly Member[], me: string): readonly string[] {
  if (room?.type === 'dm') return room.peer === undefined || room.peer.id === me ? [] : [room.peer.id];
  if (room === undefined || !hasReceipts(room)) return [];
  return members.map((member) => member.user.id).filter((user) => user !== me);
}
