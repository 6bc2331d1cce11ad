import type { Message, Room, UserSummary } from '../../shared/wire/rest.ts';
import type { StoredMember } from '../store/members.ts';
import type { StoredRoom } from '../store/rooms.ts';
import { stillAway } from './archive.ts';
import type { Directory } from './directory.ts';
import type { LogPort } from './ports.ts';

/** A room as everybody in it sees it. */
export type SharedRoom = Omit<Room, 'me'>;

/** Rooms as the API shows them. */
export class RoomViews {
  readonly #log: LogPort;
  readonly #directory: Directory;
  readonly #blockedBy: (user: string) => Promise<readonly string[]>;

  constructor(deps: {
    readonly log: LogPort;
    readonly directory: Directory;
    readonly blockedBy: (user: string) => Promise<readonly string[]>;
  }) {
    this.#log = deps.log;
    this.#directory = deps.directory;
    this.#blockedBy = deps.blockedBy;
  }

  async forMember(room: StoredRoom, member: StoredMember): Promise<Room> {
    const [view] = await this.forUser(member.user, [{ room, member }]);
    if (view === undefined) throw new Error('a room without a view');
    return view;
  }

  /** In the given order. */
  async forUser(
    user: string,
    list: readonly { readonly room: StoredRoom; readonly member: StoredMember }[],
  ): Promise<Room[]> {
    const ids = list.map(({ room }) => room.id);
    const [heads, lasts, peers] = await Promise.all([
      this.#log.heads(ids),
      this.#log.lastMessages(ids),
      this.#directory.names(list.flatMap(({ room }) => peerOf(room, user) ?? [])),
    ]);
    const cursors = list.map(({ room, member }) => ({
      room: room.id,
      readSeq: member.readSeq,
      head: heads.get(room.id) ?? 0,
    }));
    const [unread, away] = await Promise.all([
      this.#log.unread(user, cursors),
      stillAway(
        { log: this.#log, blockedBy: this.#blockedBy },
        user,
        list.map(({ room: { id }, member: { archivedSeq = 0 } }) => {
          return { room: id, archivedSeq, last: lasts.get(id) };
        }),
      ),
    ]);
    return list.map(({ room, member }) => ({
      ...toShared(room, heads.get(room.id) ?? 0, lasts.get(room.id), peers.get(peerOf(room, user) ?? '')),
      me: {
        role: member.role,
        readSeq: member.readSeq,
        unread: unread.get(room.id)?.unread ?? 0,
        mentions: unread.get(room.id)?.mentions ?? 0,
        notify: member.notify,
        favourite: member.favourite,
        ...(member.unopened === true && (heads.get(room.id) ?? 0) === 0 ? { unopened: true } : {}),
        ...(member.rewinds === undefined ? {} : { rewinds: member.rewinds }),
        ...(member.archivedSeq === undefined ? {} : { archivedSeq: away.get(room.id) ?? member.archivedSeq }),
        ...(member.mutedUntil === undefined ? {} : { mutedUntil: member.mutedUntil.toISOString() }),
      },
    }));
  }

  /** Without `peer`, which differs from side to side. The head is read now. */
  async shared(room: StoredRoom): Promise<SharedRoom> {
    const [head, lasts] = await Promise.all([this.#log.head(room.id), this.#log.lastMessages([room.id])]);
    return toShared(room, head, lasts.get(room.id), undefined);
  }

  async peer(room: StoredRoom, user: string): Promise<UserSummary | undefined> {
    const peer = peerOf(room, user);
    return peer === undefined ? undefined : (await this.#directory.names([peer])).get(peer);
  }
}

function toShared(
  room: StoredRoom,
  head: number,
  last: Message | undefined,
  peer: UserSummary | undefined,
): SharedRoom {
  return {
    id: room.id,
    type: room.type,
    ...(room.name === undefined ? {} : { name: room.name }),
    ...(room.topic === undefined ? {} : { topic: room.topic }),
    public: room.public,
    v: room.v,
    head,
    ...(last === undefined ? {} : { lastMessage: last }),
    members: room.memberCount,
    ...(peer === undefined ? {} : { peer }),
  };
}

/** The other side of a dm: oneself, in one with oneself. */
function peerOf(room: StoredRoom, user: string): string | undefined {
  const [a, b] = room.dmKey?.split(':') ?? [];
  return a === user ? b : a;
}
