import { hasReceipts } from '../wire/receipts.ts';
import type { Member, Room, UserSummary } from '../wire/rest.ts';
import { isSame } from './names.ts';
import { Value } from './observable.ts';
import { Receipts } from './receipts.ts';
import type { Thresholds } from './timeline.ts';
import { Typing } from './typing.ts';

export interface PeopleDeps {
  readonly fetch: () => Promise<readonly Member[]>;
  readonly warn: (message: string, error: unknown) => void;
  /** ms a `typing` lasts. */
  readonly typingDuration: number;
  /** Cursors of others moved. */
  readonly onReceipts: () => void;
  /** Somebody has another name, picture or status than was known here, maybe from an earlier visit, or was not known. */
  readonly onChanged: (user: UserSummary) => void;
}

/** Who is in a room: its members once asked for, how far they have read, who types. */
export class RoomPeople {
  readonly members = new Value<readonly Member[]>([]);
  readonly typing: Typing;
  readonly #deps: PeopleDeps;
  readonly #receipts = new Receipts();
  #wanted = false;
  /** Asked for and not answered, or in vain. */
  #lacking = false;
  #loading: Promise<void> | undefined;

  constructor(deps: PeopleDeps) {
    this.#deps = deps;
    this.typing = new Typing(deps.typingDuration);
  }

  load(): Promise<void> {
    this.#wanted = true;
    this.#lacking = true;
    this.#loading ??= this.#deps
      .fetch()
      .then((members) => {
        this.#lacking = false;
        if (!this.#wanted) return;
        const changed = this.#changed(members);
        this.set(members);
        for (const user of changed) this.#deps.onChanged(user);
      })
      .finally(() => {
        this.#loading = undefined;
      });
    return this.#loading;
  }

  /** Those of the last visit, until they are read anew. */
  restore(members: readonly Member[]): void {
    if (this.members.get().length === 0 && members.length > 0) this.set(members);
  }

  /** Loads in the background where receipts need it: in rooms small enough to have any. */
  want(room: Room | undefined): void {
    if ((!this.#wanted || this.#lacking) && isRead(room)) this.#background();
  }

  /**
   * Connected again. How far others read meanwhile, no frame tells: where somebody looks it is read now, elsewhere when it is
   * wanted next. So is what could not be read without the server.
   */
  resume(room: Room | undefined, isSeen: boolean): void {
    if (!this.#wanted) return;
    this.#lacking ||= isRead(room);
    if (this.#lacking && isSeen) this.#background();
  }

  /** Membership may have changed. */
  refresh(): void {
    if (this.#wanted) this.#background();
  }

  set(members: readonly Member[]): void {
    for (const { user, readSeq, gotSeq } of members) this.#receipts.move(user.id, readSeq, gotSeq);
    this.members.set(members);
    this.#deps.onReceipts();
  }

  remove(user: string): void {
    this.set(this.members.get().filter((member) => member.user.id !== user));
  }

  onRead(user: string, read: number, got?: number): void {
    if (!this.#receipts.move(user, read, got)) return;
    const cursors = (member: Member): Member => ({
      ...member,
      readSeq: Math.max(member.readSeq, read),
      gotSeq: Math.max(member.gotSeq, read, got ?? 0),
    });
    this.#change(user, cursors);
    this.#deps.onReceipts();
  }

  onUser(user: UserSummary): void {
    const known = this.members.get().find((member) => member.user.id === user.id);
    if (known !== undefined && !isSame(known.user, user))
      this.#change(user.id, (member) => ({ ...member, user }));
  }

  onTyping(user: string, room: Room | undefined): void {
    const member = this.members.get().find((candidate) => candidate.user.id === user)?.user;
    const known = member ?? (room?.peer?.id === user ? room.peer : undefined);
    if (known !== undefined) this.typing.heard(known);
    else this.want(room);
  }

  thresholds(room: Room | undefined, me: string): Thresholds {
    return this.#receipts.thresholds(room, this.members.get(), me);
  }

  clear(): void {
    this.#wanted = false;
    this.#lacking = false;
    this.#receipts.clear();
    this.typing.clear();
    this.members.set([]);
  }

  #changed(members: readonly Member[]): UserSummary[] {
    const before = new Map(this.members.get().map(({ user }) => [user.id, user]));
    return members.flatMap(({ user }) => {
      const known = before.get(user.id);
      return known !== undefined && isSame(known, user) ? [] : [user];
    });
  }

  #change(user: string, change: (member: Member) => Member): void {
    const members = this.members.get();
    const known = members.find((member) => member.user.id === user);
    if (known === undefined) return;
    const changed = change(known);
    this.members.set(members.map((member) => (member === known ? changed : member)));
  }

  #background(): void {
    this.load().catch((error: unknown) => {
      this.#deps.warn('members could not be loaded', error);
    });
  }
}

const isRead = (room: Room | undefined): boolean => room !== undefined && hasReceipts(room);
