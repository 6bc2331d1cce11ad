import type { BlocksFrame } from '../wire/protocol.ts';
import type {
  CreatedInvite,
  CreateInviteBody,
  Invite,
  InvitePreview,
  PresenceList,
  Room,
  UserSummary,
} from '../wire/rest.ts';
import { countsAsUnread } from '../wire/unread.ts';
import type { Api } from './api.ts';
import { ApiError } from './errors.ts';
import { Value } from './observable.ts';
import type { OwnVersion } from './own-version.ts';
import { Reading } from './reading.ts';
import type { Rooms } from './rooms.ts';
import type { OwnApi } from './types.ts';

/** ms within which a cursor told to a gateway has reached the server. */
const CURSOR_SETTLES = 2_500;

interface OwnDeps {
  readonly api: Api;
  readonly rooms: Rooms;
  readonly version: OwnVersion;
  readonly warn: (message: string, error: unknown) => void;
  readonly me: () => string | undefined;
}

/** What one sets for oneself, and the links by which one lets others in. */
export class Own implements OwnApi {
  readonly blocked = new Value<ReadonlySet<string>>(new Set());
  readonly #api: Api;
  readonly #rooms: Rooms;
  readonly #readBlocked: Reading<readonly UserSummary[]>;
  readonly #me: () => string | undefined;
  readonly #version: OwnVersion;

  constructor({ api, rooms, version, warn, me }: OwnDeps) {
    this.#api = api;
    this.#rooms = rooms;
    this.#version = version;
    this.#readBlocked = new Reading({
      fetch: () => api.blocks(),
      apply: (users) => {
        this.#setBlocked(new Set(users.map(({ id }) => id)));
      },
      onError: (error) => {
        warn('the blocked could not be read yet', error);
      },
    });
    this.#me = me;
  }

  async block(user: string, on: boolean): Promise<void> {
    await this.#api.block(user, on);
    const next = new Set(this.blocked.get());
    if (on) next.add(user);
    else next.delete(user);
    this.#setBlocked(next);
  }

  blockedPeople(): Promise<readonly UserSummary[]> {
    return this.#api.blocks();
  }

  async markUnread(room: string, onFound: () => void = () => undefined, from?: number): Promise<void> {
    const state = this.#rooms.state(room);
    const seq = from ?? (await this.#newestOfOthers(room));
    if (seq === undefined) throw new ApiError('conflict', 'Nobody else has written here lately.');
    onFound();
    // A cursor that is still on its way would undo it.
    const wait = CURSOR_SETTLES - (performance.now() - state.summary.readAt);
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const marked = await this.#api.markUnread(room, seq);
    if (state.room !== undefined) state.adopt(marked);
  }

  /** Among the newest two pages. */
  async #newestOfOthers(room: string): Promise<number | undefined> {
    const me = this.#me() ?? '';
    const blocked = this.blocked.get();
    let before: number | undefined;
    for (let pages = 0; pages < 2; pages += 1) {
      const { messages, complete } = await this.#api.page(room, before === undefined ? {} : { before });
      const newest = messages.findLast((message) => countsAsUnread(message, me, blocked));
      if (newest !== undefined) return newest.seq;
      before = complete[0];
      if (before <= 1) return undefined;
    }
    return undefined;
  }

  invites(room: string): Promise<readonly Invite[]> {
    return this.#api.invites(room);
  }
  createInvite(room: string, body: CreateInviteBody): Promise<CreatedInvite> {
    return this.#api.createInvite(room, body);
  }
  revokeInvite(room: string, id: string): Promise<void> {
    return this.#api.revokeInvite(room, id);
  }
  invite(token: string): Promise<InvitePreview> {
    return this.#api.invite(token);
  }
  async acceptInvite(token: string): Promise<string> {
    const room: Room = await this.#api.acceptInvite(token);
    this.#rooms.entered(room);
    return room.id;
  }
  presence(users: readonly string[]): Promise<PresenceList> {
    return this.#api.presence(users);
  }

  /** `isMissed`: another device changed something meanwhile. */
  onReady(isMissed: boolean): void {
    this.#readBlocked.onReady(isMissed);
  }

  onBlocks({ users, self }: BlocksFrame): void {
    // It says all, and is newer than what is being read.
    if (self >= this.#version.known.get()) this.#readBlocked.stop();
    this.#setBlocked(new Set(users));
  }

  /** What is worth keeping until the next visit. */
  kept(): { readonly self: number; readonly users: readonly string[] } {
    return { self: this.#readBlocked.isDue ? 0 : this.#version.known.get(), users: [...this.blocked.get()] };
  }

  /** As it was at the last visit; `ready` tells whether it still is. */
  restore({ self, users }: { readonly self: number; readonly users: readonly string[] }): void {
    if (this.#version.known.get() !== 0) return;
    this.#version.known.set(self);
    this.blocked.set(new Set(users));
  }

  clear(): void {
    this.#readBlocked.stop();
    this.blocked.set(new Set());
  }

  /** What those write whom one blocked is not unread: the rooms count anew. */
  #setBlocked(next: ReadonlySet<string>): void {
    const before = this.blocked.get();
    this.blocked.set(next);
    const isSame = next.size === before.size && [...before].every((user) => next.has(user));
    if (!isSame) this.#rooms.onBlocked();
  }
}
