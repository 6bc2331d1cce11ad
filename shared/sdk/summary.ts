import type { Message, Room, RoomMe, UserSummary } from '../wire/rest.ts';
import { unreadIn, type Unread } from '../wire/unread.ts';
import type { RoomView } from '../wire/view.ts';
import { isSame } from './names.ts';
import { Value } from './observable.ts';
import { laterPutAway, putAwayBy } from './put-away.ts';
import { UnreadTail } from './unread-tail.ts';

/** ms in which a receipt of one's own, on its way as others see it, may come behind the news that one marked it unread. */
const RECEIPTS_SETTLE = 2_500;

export interface SummaryDeps {
  /** The signed-in user's id. */
  readonly me: () => string | undefined;
  /** Whose messages are not unread. */
  readonly blocked: () => ReadonlySet<string>;
  readonly view: () => RoomView;
  /** Changed; `active`: by a new message, so that the room moves up. */
  readonly onChange: (active: boolean) => void;
  /** It may be wrong: read it anew soon. */
  readonly onStale: () => void;
  /** The server's cursor stands behind one's own: tell it again. */
  readonly onBehind: (readSeq: number) => void;
}

/**
 * A room's line in the list. Unread is counted from the view where that reaches back to the cursor; else it is the
 * server's count, moved along by what is heard and read anew where that is not certain.
 */
export class RoomSummary {
  readonly info = new Value<Room | undefined>(undefined);
  readonly #deps: SummaryDeps;
  #tail = new UnreadTail();
  /** Numbers up to here went by unheard before the room was known. */
  #passed = 0;
  /** The cursor heard of, which may be before the room itself is known. */
  #readSeq = 0;
  /** When it was moved, by `performance.now()`. */
  readAt = -Infinity;
  /** What is shown is no part of the server's history any more: its next word counts, however old it looks. */
  #isVoid = false;
  /** When it was heard of being moved back. */
  #rewoundAt = -Infinity;

  constructor(deps: SummaryDeps) {
    this.#deps = deps;
  }

  get readSeq(): number {
    return this.#readSeq;
  }

  /** A summary read from the server; it may be older than what was heard meanwhile. */
  adopt(room: Room): void {
    const before = this.#isVoid ? undefined : this.info.get();
    this.#isVoid = false;
    const latest = before !== undefined && room.v < before.v ? before : room;
    const isRewound = before !== undefined && rewindsOf(room.me) > rewindsOf(before.me);
    if (isRewound) this.#tail = new UnreadTail();
    if (rewindsOf(room.me) > rewindsOf(before?.me ?? {})) this.#rewoundAt = performance.now();
    const readSeq = isRewound ? room.me.readSeq : Math.max(room.me.readSeq, this.#readSeq);
    this.#readSeq = readSeq;
    const { unread, mentions } = before?.me ?? room.me;
    const me: RoomMe = { ...latest.me, readSeq, unread, mentions };
    const archivedSeq = before === undefined ? 0 : laterPutAway(before, latest);
    const away = archivedSeq === 0 ? {} : { archivedSeq };
    this.#set({ ...latest, ...(before === undefined ? {} : newerOf(before, room)), me: { ...me, ...away } });
    const certain = this.#adoptCount(room, readSeq) && room.head >= this.#passed;
    this.#passed = 0;
    this.recount();
    if (!certain) this.stale();
  }

  /** The part that is the same for all members. */
  adoptShared(room: Omit<Room, 'me'>): void {
    const before = this.info.get();
    if (before === undefined || room.v < before.v) return;
    const { peer = before.peer, ...shared } = room;
    this.#set({
      ...shared,
      ...newerOf(before, room),
      ...(peer === undefined ? {} : { peer }),
      me: before.me,
    });
  }

  /** A message as it now stands: new, changed, or again. Called before the view takes it. */
  see(message: Message): void {
    this.note(message);
    const me = this.#deps.me();
    if (me === undefined) return;
    const certain = this.#tail.see(message, this.readSeq, me, this.#deps.blocked());
    this.recount();
    if (!certain) this.stale();
  }

  /** A state of a message that may be the last. */
  note(message: Message): void {
    const room = this.info.get();
    if (room === undefined || !supersedes(message, room.lastMessage)) return;
    const newer = message.seq > (room.lastMessage?.seq ?? 0);
    const archivedSeq = newer ? putAwayBy(room, message, this.#deps.blocked()) : undefined;
    const me = archivedSeq === undefined ? room.me : { ...room.me, archivedSeq };
    this.#set({ ...room, lastMessage: message, head: Math.max(room.head, message.seq), me }, newer);
    // Something may have been said before that was not heard: the server knows.
    if (archivedSeq !== undefined) this.#deps.onStale();
  }

  /** The position moved to `seq` over numbers that were not heard one by one. */
  passed(seq: number): void {
    if (this.info.get() === undefined) this.#passed = Math.max(this.#passed, seq);
    else if (seq > this.#tail.upTo) this.stale();
  }

  raiseHead(head: number): void {
    const room = this.info.get();
    if (room !== undefined && head > room.head) this.#set({ ...room, head });
  }

  /**
   * The reader's cursor moved on, here or on another device. A lower one is an old one: the server keeps cursors behind
   * what it was told, and moves none back.
   */
  moveRead(seq: number): void {
    if (seq <= this.#readSeq) return;
    this.#readSeq = seq;
    this.readAt = performance.now();
    const room = this.info.get();
    if (room === undefined) return;
    this.#set({ ...room, me: { ...room.me, readSeq: seq } });
    const certain = this.#tail.read(seq);
    this.recount();
    if (!certain) this.stale();
  }

  /** A receipt of one's own, from this or another device. Soon after one marked it unread only the server knows which was later. */
  onRead(seq: number): void {
    const isDoubtful = performance.now() - this.#rewoundAt < RECEIPTS_SETTLE;
    if (!isDoubtful) this.moveRead(seq);
    else if (seq > this.#readSeq) this.#deps.onStale();
  }

  onPrefs(me: Partial<RoomMe>): void {
    const room = this.info.get();
    if (room === undefined) return;
    const isRewound = rewindsOf(me) > rewindsOf(room.me);
    const { mutedUntil, ...rest } = { ...room.me, ...me };
    const muted = mutedUntil === undefined || mutedUntil === '' ? {} : { mutedUntil };
    this.#set({ ...room, me: { ...rest, ...muted } });
    if (!isRewound) return;
    this.#rewoundAt = performance.now();
    this.#readSeq = me.readSeq ?? this.#readSeq;
    this.#tail = new UnreadTail();
    this.recount();
    this.#deps.onStale();
  }

  onUser(user: UserSummary): void {
    const room = this.info.get();
    if (room === undefined) return;
    const { peer, lastMessage } = room;
    const { id, username, displayName } = user;
    const isPeer = peer?.id === id && !isSame(peer, user);
    const sender = lastMessage?.sender;
    const isLast = sender?.id === id && (sender.username !== username || sender.displayName !== displayName);
    if (!isPeer && !isLast) return;
    this.#set({
      ...room,
      ...(isPeer ? { peer: user } : {}),
      ...(isLast && lastMessage !== undefined
        ? { lastMessage: { ...lastMessage, sender: { id, username, displayName } } }
        : {}),
    });
  }

  /** After each change of the view. */
  recount(): void {
    const me = this.#deps.me();
    if (me !== undefined)
      this.#count(this.#counted() ?? this.#tail.count(this.readSeq, me, this.#deps.blocked()));
  }

  /** Somebody was blocked, or no longer is: what the server counted, or counts just now, may be another number. */
  onBlocked(): void {
    this.recount();
    this.stale();
  }

  /** The view is about to let go of its messages: what it counts is carried on from here. */
  keepCount(): void {
    const counted = this.#counted();
    if (counted === undefined) return;
    if (!this.#tail.adopt(counted, this.#deps.view().known ?? 0)) this.#deps.onStale();
  }

  /** Something happened whose effect on the counts is not known, unless the view knows. */
  stale(): void {
    if (this.#counted() === undefined) this.#deps.onStale();
  }

  /** The server was set back: its line stays until the server's is here. */
  restart(): void {
    this.#tail = new UnreadTail();
    this.#passed = 0;
    this.#readSeq = 0;
    this.#isVoid = true;
  }

  reset(): void {
    this.restart();
    this.#isVoid = false;
    this.#rewoundAt = -Infinity;
    this.info.set(undefined);
  }

  /** True when the tail can go on from the server's count, which is one above the server's own cursor. */
  #adoptCount({ head, me }: Room, readSeq: number): boolean {
    if (me.readSeq === readSeq) return this.#tail.adopt(me, head);
    this.#deps.onBehind(readSeq);
    return readSeq >= head && this.#tail.adopt({ unread: 0, mentions: 0 }, head);
  }

  #counted(): Unread | undefined {
    const me = this.#deps.me();
    return me === undefined ? undefined : unreadIn(this.#deps.view(), this.readSeq, me, this.#deps.blocked());
  }

  #count({ unread, mentions }: Unread): void {
    const room = this.info.get();
    if (room === undefined || (room.me.unread === unread && room.me.mentions === mentions)) return;
    this.#set({ ...room, me: { ...room.me, unread, mentions } });
  }

  #set(room: Room, active = false): void {
    this.info.set(room);
    this.#deps.onChange(active);
  }
}

const rewindsOf = ({ rewinds = 0 }: Partial<RoomMe>): number => rewinds;

/** What must not go back when an older summary comes in. */
function newerOf(before: Room, room: Omit<Room, 'me'>): Pick<Room, 'head' | 'lastMessage'> {
  const head = Math.max(before.head, room.head);
  const last = before.lastMessage;
  const held = last !== undefined && (room.lastMessage === undefined || supersedes(last, room.lastMessage));
  const lastMessage = held ? last : room.lastMessage;
  return lastMessage === undefined ? { head } : { head, lastMessage };
}

/** True when `next` is a newer message than `last`, or a newer state of it. */
function supersedes(next: Message, last: Message | undefined): boolean {
  if (last === undefined || next.seq > last.seq) return true;
  return next.seq === last.seq && next.rev > last.rev;
}
