import { notFound, ParleyError } from '../../shared/node/errors.ts';
import type { PatchPrefs, PatchRoomBody, PublicRoom, Room } from '../../shared/wire/rest.ts';
import { requireRight } from '../rights/require.ts';
import type { MemberStore, StoredMember } from '../store/members.ts';
import { nameKey, RoomTaken, type RoomSettings, type RoomStore, type StoredRoom } from '../store/rooms.ts';
import type { Arrivals } from './arrivals.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { Notices } from './notices.ts';
import type { LogPort } from './ports.ts';
import type { RoomViews } from './room-views.ts';
import type { SelfNews } from './self-news.ts';
import type { Signals } from './signals.ts';

/** A room and what the one who asks is in it, both as stored. */
export interface Standing {
  readonly room: StoredRoom;
  readonly member: StoredMember;
}

const UPDATE_ATTEMPTS = 10;

/** Reading rooms and changing their settings. */
export class Rooms {
  readonly #rooms: RoomStore;
  readonly #members: MemberStore;
  readonly #views: RoomViews;
  readonly #arrivals: Arrivals;
  readonly #signals: Signals;
  readonly #notices: Notices;
  readonly #news: SelfNews;
  readonly #log: Pick<LogPort, 'head'>;

  constructor(deps: {
    readonly rooms: RoomStore;
    readonly members: MemberStore;
    readonly views: RoomViews;
    readonly arrivals: Arrivals;
    readonly signals: Signals;
    readonly notices: Notices;
    readonly news: SelfNews;
    readonly log: Pick<LogPort, 'head'>;
  }) {
    this.#rooms = deps.rooms;
    this.#members = deps.members;
    this.#views = deps.views;
    this.#arrivals = deps.arrivals;
    this.#signals = deps.signals;
    this.#notices = deps.notices;
    this.#news = deps.news;
    this.#log = deps.log;
  }

  /** Throws `not_found` where there is no such room, or the user is not in it. Reads the store: for rules, not for sends. */
  async standing(user: string, id: string): Promise<Standing> {
    const [room, member] = await Promise.all([this.#rooms.byId(id), this.#members.get(id, user)]);
    if (room === undefined || member === undefined) throw notFound('room');
    return { room, member };
  }

  /** The user's rooms, latest activity first. */
  async mine(user: string): Promise<Room[]> {
    const members = await this.#members.ofUser(user);
    const rooms = new Map(
      (await this.#rooms.byIds(members.map(({ room }) => room))).map((room) => [room.id, room]),
    );
    const list = members.flatMap((member) => {
      const room = rooms.get(member.room);
      return room === undefined ? [] : [{ room, member }];
    });
    const views = await this.#views.forUser(user, list);
    const activity = (room: Room): string =>
      room.lastMessage?.at ?? rooms.get(room.id)?.createdAt.toISOString() ?? '';
    return views.sort((a, b) => (activity(a) < activity(b) ? 1 : -1));
  }

  async get(user: string, id: string): Promise<Room> {
    const { room, member } = await this.standing(user, id);
    return this.#views.forMember(room, member);
  }

  /** Channels anyone may join, by name. */
  async searchPublic(
    user: string,
    query: string,
    page: { readonly limit: number; readonly cursor?: string | undefined },
  ): Promise<{ rooms: PublicRoom[]; next?: string }> {
    const found = await this.#rooms.searchPublic(query, decodeCursor(page.cursor), page.limit + 1);
    const shown = found.slice(0, page.limit);
    const joined = await this.#members.joined(
      user,
      shown.map(({ id }) => id),
    );
    const last = shown.at(-1)?.name;
    return {
      rooms: shown.map((room) => ({
        id: room.id,
        name: room.name ?? '',
        ...(room.topic === undefined ? {} : { topic: room.topic }),
        members: room.memberCount,
        joined: joined.has(room.id),
      })),
      ...(found.length > page.limit && last !== undefined ? { next: encodeCursor(nameKey(last)) } : {}),
    };
  }

  /** Settings need an owner or admin; `me` is everybody's own. */
  async change(user: string, id: string, patch: PatchRoomBody): Promise<Room> {
    const { me, ...settings } = patch;
    const standing = await this.standing(user, id);
    if (Object.keys(settings).length > 0) await this.#changeSettings(user, standing, settings);
    if (me !== undefined) await this.#changePrefs(standing.member, me);
    return this.get(user, id);
  }

  async #changeSettings(user: string, standing: Standing, settings: RoomSettings): Promise<void> {
    checkSettings(standing, settings);
    const [before, after] = await this.#update(standing.room, settings);
    await this.#arrivals.forget(after.id, []);
    await this.#signals.roomChanged(after);
    if (after.name !== before.name) await this.#notices.renamed(after.id, user, after.name ?? '');
    if (after.topic !== before.topic) await this.#notices.topic(after.id, user, after.topic ?? '');
    if (after.public !== before.public) await this.#notices.visibility(after.id, user, after.public);
  }

  async #update(room: StoredRoom, settings: RoomSettings): Promise<[before: StoredRoom, after: StoredRoom]> {
    let before: StoredRoom | undefined = room;
    for (let attempt = 0; attempt < UPDATE_ATTEMPTS; attempt++) {
      const after = await this.#store(before, settings);
      if (after !== undefined) return [before, after];
      before = await this.#rooms.byId(room.id);
      if (before === undefined) throw notFound('room');
    }
    throw new ParleyError('overloaded', 'This room changes too fast at the moment.', { retryAfterMs: 1_000 });
  }

  async #store(room: StoredRoom, settings: RoomSettings): Promise<StoredRoom | undefined> {
    try {
      return await this.#rooms.update(room, settings);
    } catch (error) {
      if (!(error instanceof RoomTaken)) throw error;
      throw new ParleyError('conflict', 'A public channel of this name exists.', {
        fields: [{ field: 'name', message: 'is taken' }],
      });
    }
  }

  async #changePrefs({ room, user }: StoredMember, patch: PatchPrefs): Promise<void> {
    const { archived, mutedUntil, ...plain } = patch;
    const archivedSeq = archived === true ? await this.#log.head(room) : 0;
    const stored = {
      ...plain,
      ...(archived === undefined ? {} : { archivedSeq }),
      ...(mutedUntil === undefined ? {} : { mutedUntil: mutedUntil === '' ? null : new Date(mutedUntil) }),
    };
    if (!(await this.#members.setPrefs(room, user, stored))) throw notFound('room');
    const told = {
      ...plain,
      ...(archived === undefined ? {} : { archivedSeq }),
      ...(mutedUntil === undefined ? {} : { mutedUntil }),
    };
    await this.#news.roomChanged(user, room, told);
  }
}

function checkSettings({ room, member }: Standing, settings: RoomSettings): void {
  requireRight('room.settings', room, member.role);
  if (settings.public !== undefined && room.type !== 'channel')
    throw new ParleyError('invalid', 'Only channels can be public or private.');
}
