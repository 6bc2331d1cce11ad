import { LIMITS } from '../wire/protocol.ts';
import type { Member, Room, UserSummary } from '../wire/rest.ts';
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
  /** Somebody is called otherwise than when the members were read last, maybe at an earlier visit. */
  readonly onRenamed: (user: UserSummary) => void;
}

/** Who is in a room: its members once asked for, how far they have read, who types. */
export class RoomPeople {
  readonly members = new Value<readonly Member[]>([]);
  readonly typing: Typing;
  readonly #deps: PeopleDeps;
  readonly #receipts = new Receipts();
  #wanted = false;
  #loading: Promise<void> | undefined;

  constructor(deps: PeopleDeps) {
    this.#deps = deps;
    this.typing = new Typing(deps.typingDuration);
  }

  load(): Promise<void> {
    this.#wanted = true;
    this.#loading ??= this.#deps
      .fetch()
      .then((members) => {
        if (!this.#wanted) return;
        const renamed = this.#renamed(members);
        this.set(members);
        for (const user of renamed) this.#deps.onRenamed(user);
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
    if (!this.#wanted && room !== undefined && room.members <= LIMITS.receiptMembers) this.#background();
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
    this.#receipts.clear();
    this.typing.clear();
    this.members.set([]);
  }

  #renamed(members: readonly Member[]): UserSummary[] {
    const before = new Map(this.members.get().map(({ user }) => [user.id, user]));
    return members.flatMap(({ user }) => {
      const known = before.get(user.id);
      const isSame = known?.displayName === user.displayName && known.username === user.username;
      return known === undefined || isSame ? [] : [user];
    });
  }

  #change(user: string, change: (member: Member) => Member): void {
    const members = this.members.get();
    if (!members.some((member) => member.user.id === user)) return;
    this.members.set(members.map((member) => (member.user.id === user ? change(member) : member)));
  }

  #background(): void {
    this.load().catch((error: unknown) => {
      this.#deps.warn('members could not be loaded', error);
    });
  }
}
