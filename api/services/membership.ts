import { notFound, ParleyError } from '../../shared/node/errors.ts';
import type { Role, RoomType } from '../../shared/wire/rest.ts';
import type { BlockStore } from '../store/blocks.ts';
import type { MemberStore } from '../store/members.ts';
import type { RoomStore } from '../store/rooms.ts';
import { CoherentCache, type CacheReads } from './coherent-cache.ts';
import type { Invalidations, Stale } from './invalidations.ts';

/** What of a room the send path needs to know. */
export interface RoomBasics {
  readonly type: RoomType;
  readonly public: boolean;
  readonly firstSeq: number;
  readonly members: number;
  /** Of a dm: who may not write in it, since the other blocked them. */
  readonly barred?: readonly string[];
}
/** A user in a room. */
export interface Membership {
  readonly role: Role;
  readonly joinedSeq: number;
  readonly room: RoomBasics;
}

const MAX_PAIRS = 200_000;
const MAX_ROOMS = 50_000;
type Cached = { readonly role: Role; readonly joinedSeq: number } | typeof NOT_IN;
/** "Not a member", "no such room" are answers too. */
const NOT_IN = Object.freeze({ role: undefined });
const GONE = Object.freeze({ type: undefined });

/** Who is in which room, from a bounded cache that all nodes invalidate. */
export class MembershipCache {
  readonly #members: MemberStore;
  readonly #rooms: RoomStore;
  readonly #blocks: Pick<BlockStore, 'whoBlocked'>;
  readonly #invalidations: Invalidations;
  readonly #pairs = new CoherentCache<Cached>({ max: MAX_PAIRS });
  readonly #basics = new CoherentCache<RoomBasics | typeof GONE>({ max: MAX_ROOMS });

  constructor(deps: {
    readonly members: MemberStore;
    readonly rooms: RoomStore;
    readonly blocks: Pick<BlockStore, 'whoBlocked'>;
    readonly invalidations: Invalidations;
  }) {
    this.#members = deps.members;
    this.#rooms = deps.rooms;
    this.#blocks = deps.blocks;
    this.#invalidations = deps.invalidations;
    this.#invalidations.on('member', {
      stale: (key) => this.#pairs.invalidate(key),
      all: () => this.#pairs.clear(),
    });
    this.#invalidations.on('room', {
      stale: (key) => this.#basics.invalidate(key),
      all: () => this.#basics.clear(),
    });
  }

  /** By what is looked up. */
  get reads(): { readonly members: Readonly<CacheReads>; readonly rooms: Readonly<CacheReads> } {
    return { members: this.#pairs.reads, rooms: this.#basics.reads };
  }

  /** undefined for who is not in the room, and for a room that is not there. */
  async get(user: string, room: string): Promise<Membership | undefined> {
    const key = pairKey(room, user);
    const pair = this.#pairs.peek(key) ?? (await this.#pairs.get(key, () => this.#loadPair(room, user)));
    if (pair.role === undefined) return undefined;
    const basics = this.#basics.peek(room) ?? (await this.#basics.get(room, () => this.#loadBasics(room)));
    if (basics.type === undefined) return undefined;
    return { role: pair.role, joinedSeq: pair.joinedSeq, room: basics };
  }

  /** Throws `not_found`: to others a room they are not in looks like none. */
  async require(user: string, room: string): Promise<Membership> {
    const membership = await this.get(user, room);
    if (membership === undefined) throw notFound('room');
    return membership;
  }

  /** As `require`, for what others will read. Throws `forbidden` for who is blocked by the other side of a dm. */
  async requireWriter(user: string, room: string): Promise<Membership> {
    const membership = await this.require(user, room);
    if (membership.room.barred?.includes(user) === true)
      throw new ParleyError('forbidden', 'You may not write in this conversation.');
    return membership;
  }

  /** After a change of the room and of what these users are in it; on every node. */
  async changed(room: string, users: readonly string[]): Promise<void> {
    await this.#invalidations.send([
      ['room', room],
      ...users.map((user): Stale => ['member', pairKey(room, user)]),
    ]);
  }

  async #loadPair(room: string, user: string): Promise<Cached> {
    const member = await this.#members.get(room, user);
    return member === undefined ? NOT_IN : { role: member.role, joinedSeq: member.joinedSeq };
  }

  async #loadBasics(room: string): Promise<RoomBasics | typeof GONE> {
    const found = await this.#rooms.byId(room);
    if (found === undefined) return GONE;
    const barred = await this.#barred(found.dmKey);
    return {
      type: found.type,
      public: found.public,
      firstSeq: found.firstSeq,
      members: found.memberCount,
      ...(barred.length === 0 ? {} : { barred }),
    };
  }

  async #barred(dmKey: string | undefined): Promise<string[]> {
    const [a, b] = dmKey?.split(':') ?? [];
    if (a === undefined || b === undefined || a === b) return [];
    const [byA, byB] = await Promise.all([this.#blocks.whoBlocked(b, [a]), this.#blocks.whoBlocked(a, [b])]);
    return [...(byA.length > 0 ? [b] : []), ...(byB.length > 0 ? [a] : [])];
  }
}

const pairKey = (room: string, user: string): string => room + user;
