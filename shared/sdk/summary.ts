import type { Message, Room, RoomMe, UserSummary } from '../wire/rest.ts';
import { UNREAD_CAP, countsAsUnread, isMention, unreadIn, type Unread } from '../wire/unread.ts';
import type { RoomView } from '../wire/view.ts';
import { Value } from './observable.ts';

export interface SummaryDeps {
  /** The signed-in user's id. */
  readonly me: () => string | undefined;
  readonly view: () => RoomView;
  /** Changed; `active`: by a new message, so that the room moves up. */
  readonly onChange: (active: boolean) => void;
  /** It may be wrong: read it anew soon. */
  readonly onStale: () => void;
}

/**
 * A room's line in the list. Unread is counted from the view where that reaches back to the cursor; else it is the
 * server's count, moved along by what is heard and read anew where that is not certain.
 */
export class RoomSummary {
  readonly info = new Value<Room | undefined>(undefined);
  readonly #deps: SummaryDeps;
  /** Messages heard so far, to see whether an answer is older than one of them. */
  #heard = 0;

  constructor(deps: SummaryDeps) {
    this.#deps = deps;
  }

  get heard(): number {
    return this.#heard;
  }

  get readSeq(): number {
    return this.info.get()?.me.readSeq ?? 0;
  }

  /** A summary read from the server; `heardBefore`: what `heard` was when it was asked for. */
  adopt(room: Room, heardBefore = this.#heard): void {
    const before = this.info.get();
    if (before === undefined) {
      this.#set(room);
      if (heardBefore !== this.#heard) this.stale();
    } else if (room.v >= before.v) {
      const behind = heardBefore !== this.#heard || before.me.readSeq > room.me.readSeq;
      const counts = behind ? before.me : room.me;
      const me: RoomMe = {
        ...room.me,
        readSeq: Math.max(room.me.readSeq, before.me.readSeq),
        unread: counts.unread,
        mentions: counts.mentions,
      };
      this.#set({ ...room, ...newerOf(before, room), me });
      if (behind && this.#counted() === undefined) this.#deps.onStale();
    }
    this.recount();
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

  /** A message frame; `fresh`: its number was not heard before. Called before the view takes it. */
  onMessage(message: Message, fresh: boolean): void {
    this.#heard += 1;
    this.note(message);
    const me = this.#deps.me();
    const room = this.info.get();
    if (room === undefined || me === undefined || message.seq <= room.me.readSeq) return;
    if (!fresh) this.stale();
    else if (countsAsUnread(message, me)) this.#count(addOne(room.me, isMention(message, me)));
  }

  /** A state of a message that may be the last. */
  note(message: Message): void {
    const room = this.info.get();
    if (room === undefined || !supersedes(message, room.lastMessage)) return;
    const newer = message.seq > (room.lastMessage?.seq ?? 0);
    this.#set({ ...room, lastMessage: message, head: Math.max(room.head, message.seq) }, newer);
  }

  raiseHead(head: number): void {
    const room = this.info.get();
    if (room !== undefined && head > room.head) this.#set({ ...room, head });
  }

  /** The reader's cursor moved on, here or on another device. */
  moveRead(seq: number): void {
    const room = this.info.get();
    if (room === undefined || seq <= room.me.readSeq) return;
    const done = seq >= (room.lastMessage?.seq ?? room.head);
    const counts = done ? { unread: 0, mentions: 0 } : {};
    this.#set({ ...room, me: { ...room.me, readSeq: seq, ...counts } });
    this.recount();
    if (!done) this.stale();
  }

  onPrefs(me: Partial<RoomMe>): void {
    const room = this.info.get();
    if (room !== undefined) this.#set({ ...room, me: { ...room.me, ...me } });
  }

  onUser(user: UserSummary): void {
    const room = this.info.get();
    if (room?.peer?.id === user.id) this.#set({ ...room, peer: { ...room.peer, ...user } });
  }

  /** After each change of the view. */
  recount(): void {
    const counted = this.#counted();
    if (counted !== undefined) this.#count(counted);
  }

  /** Something happened whose effect on the counts is not known, unless the view knows. */
  stale(): void {
    if (this.#counted() === undefined) this.#deps.onStale();
  }

  #counted(): Unread | undefined {
    const me = this.#deps.me();
    return me === undefined ? undefined : unreadIn(this.#deps.view(), this.readSeq, me);
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

function addOne({ unread, mentions }: Unread, mention: boolean): Unread {
  return {
    unread: Math.min(unread + 1, UNREAD_CAP),
    mentions: mention ? Math.min(mentions + 1, UNREAD_CAP) : mentions,
  };
}
