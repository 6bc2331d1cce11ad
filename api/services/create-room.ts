import { Types } from 'mongoose';
import { ParleyError } from '../../shared/node/errors.ts';
import type { CreateRoomBody, Room } from '../../shared/wire/rest.ts';
import type { MemberStore, StoredMember } from '../store/members.ts';
import { RoomTaken, type NewRoom, type RoomStore, type StoredRoom } from '../store/rooms.ts';
import type { Arrivals } from './arrivals.ts';
import type { Blocks } from './blocks.ts';
import type { Notices } from './notices.ts';
import type { RoomViews } from './room-views.ts';
import type { SelfNews } from './self-news.ts';
import type { Users } from './users.ts';

export interface Created {
  readonly room: Room;
  /** False where it existed already. */
  readonly created: boolean;
}
type GroupBody = Exclude<CreateRoomBody, { type: 'dm' }>;

/** Rooms a user may be in by their own doing. */
export const MAX_ROOMS = 5_000;

/** Creating rooms. The members come first, the room last: memberships without a room are never shown. */
export class CreateRoom {
  readonly #rooms: RoomStore;
  readonly #members: MemberStore;
  readonly #users: Users;
  readonly #views: RoomViews;
  readonly #arrivals: Arrivals;
  readonly #notices: Notices;
  readonly #blocks: Pick<Blocks, 'requireWelcome'>;
  readonly #news: Pick<SelfNews, 'roomChanged'>;

  constructor(deps: {
    readonly rooms: RoomStore;
    readonly members: MemberStore;
    readonly users: Users;
    readonly views: RoomViews;
    readonly arrivals: Arrivals;
    readonly notices: Notices;
    readonly blocks: Pick<Blocks, 'requireWelcome'>;
    readonly news: Pick<SelfNews, 'roomChanged'>;
  }) {
    this.#rooms = deps.rooms;
    this.#members = deps.members;
    this.#users = deps.users;
    this.#views = deps.views;
    this.#arrivals = deps.arrivals;
    this.#notices = deps.notices;
    this.#blocks = deps.blocks;
    this.#news = deps.news;
  }

  async create(by: string, body: CreateRoomBody): Promise<Created> {
    return body.type === 'dm' ? this.#createDm(by, body.user) : this.#createGroup(by, body);
  }

  async #createDm(by: string, ref: string): Promise<Created> {
    const [peer] = await this.#users.resolve([ref]);
    if (peer === undefined) throw new Error('resolve gave nothing');
    const dmKey = [by, peer.id].sort().join(':');
    const existing = await this.#rooms.byDmKey(dmKey);
    if (existing !== undefined) return this.#existing(existing, by);
    await this.#blocks.requireWelcome(by, [peer.id]);
    const users = [...new Set([by, peer.id])];
    const id = newId();
    return this.#insert(users, by, {
      id,
      type: 'dm',
      public: false,
      dmKey,
      createdBy: by,
      memberCount: users.length,
    });
  }

  async #createGroup(by: string, body: GroupBody): Promise<Created> {
    if (body.type === 'group' && body.public === true)
      throw new ParleyError('invalid', 'Only channels can be public.');
    const existing =
      body.clientId === undefined ? undefined : await this.#rooms.byClientId(by, body.clientId);
    if (existing !== undefined) return this.#existing(existing, by);
    if ((await this.#members.countOfUser(by)) >= MAX_ROOMS)
      throw new ParleyError('conflict', 'You are in too many rooms.');
    const others = await this.#users.resolve(body.members ?? []);
    const users = [...new Set([by, ...others.map(({ id }) => id)])];
    await this.#blocks.requireWelcome(by, users);
    const created = await this.#insert(users, by, {
      id: newId(),
      type: body.type,
      name: body.name,
      topic: body.topic,
      public: body.type === 'channel' && (body.public ?? true),
      createdBy: by,
      clientId: body.clientId,
      memberCount: users.length,
    });
    return created;
  }

  async #insert(users: readonly string[], by: string, room: NewRoom): Promise<Created> {
    const role = (user: string) =>
      room.type !== 'dm' && user === by ? ('owner' as const) : ('member' as const);
    const unopened = (user: string) => (room.type === 'dm' && user !== by ? true : undefined);
    await this.#members.insert(
      users.map((user) => ({ room: room.id, user, role: role(user), head: 0, unopened: unopened(user) })),
    );
    let stored: StoredRoom;
    try {
      stored = await this.#rooms.insert(room);
    } catch (error) {
      // Only where the room is known not to stand: after a lost answer it may, and needs its members.
      if (!(error instanceof RoomTaken)) throw error;
      await this.#members.deleteRoom(room.id);
      return this.#meet(error, room, by);
    }
    await this.#arrivals.announce(stored, users);
    if (room.type !== 'dm') await this.#notices.created(stored, by);
    return { room: await this.#view(stored, by), created: true };
  }

  /** Another call was first: with the same key it is the same room. */
  async #meet(error: RoomTaken, room: NewRoom, by: string): Promise<Created> {
    if (error.key === 'name') {
      throw new ParleyError('conflict', 'A public channel of this name exists.', {
        fields: [{ field: 'name', message: 'is taken' }],
      });
    }
    const existing =
      error.key === 'dm'
        ? await this.#rooms.byDmKey(room.dmKey ?? '')
        : await this.#rooms.byClientId(by, room.clientId ?? '');
    if (existing === undefined) throw new ParleyError('conflict', 'This room was deleted at this moment.');
    return this.#existing(existing, by);
  }

  async #existing(room: StoredRoom, by: string): Promise<Created> {
    const { unopened, ...member } = await this.#member(room, by);
    if (unopened === true) {
      await this.#members.open(room.id, by);
      await this.#news.roomChanged(by, room.id, { unopened: false });
    }
    return { room: await this.#views.forMember(room, member), created: false };
  }

  async #view(room: StoredRoom, by: string): Promise<Room> {
    return this.#views.forMember(room, await this.#member(room, by));
  }

  async #member(room: StoredRoom, user: string): Promise<StoredMember> {
    const member = await this.#members.get(room.id, user);
    if (member === undefined) throw new ParleyError('conflict', 'You have left this room.');
    return member;
  }
}

const newId = (): string => new Types.ObjectId().toHexString();
