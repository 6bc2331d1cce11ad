import { createHash, randomBytes } from 'node:crypto';
import { notFound, ParleyError } from '../../shared/node/errors.ts';
import type {
  CreatedInvite,
  CreateInviteBody,
  Invite as InviteView,
  InvitePreview,
  Room,
} from '../../shared/wire/rest.ts';
import type { Invite, InviteStore } from '../store/invites.ts';
import type { RoomStore } from '../store/rooms.ts';
import type { Directory } from './directory.ts';
import type { Members } from './members.ts';
import { requireNoDm, type Rooms, type Standing } from './rooms.ts';

/** Links that may be good at a time, in one room. */
const MAX_ACTIVE = 50;
/** Links of a room that are looked at; the dead among them are cleared away as new ones are made. */
const MAX_LISTED = 200;
/** Random bytes in a token: nobody guesses 192 bits. */
const TOKEN_BYTES = 24;

export interface InviteDeps {
  readonly invites: InviteStore;
  readonly rooms: Rooms;
  readonly roomStore: RoomStore;
  readonly members: Members;
  readonly directory: Directory;
  /** Where people reach the client. */
  readonly origin: string;
}

/** Links by which people come into a room: made by its owner and admins, in public channels by every member. */
export class Invites {
  readonly #deps: InviteDeps;

  constructor(deps: InviteDeps) {
    this.#deps = deps;
  }

  /** The only answer that has the token in it. */
  async create(user: string, room: string, body: CreateInviteBody): Promise<CreatedInvite> {
    const standing = await this.#deps.rooms.standing(user, room);
    requireInviter(standing);
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const { expiresIn, maxUses } = body;
    const expiresAt = expiresIn === undefined ? undefined : new Date(Date.now() + expiresIn * 1_000);
    const made = await this.#deps.invites.insert({
      room,
      by: user,
      tokenHash: hashOf(token),
      expiresAt,
      maxUses,
    });
    await this.#requireSpace(made);
    const [view] = await this.#views([made]);
    if (view === undefined) throw new Error('an invite without a view');
    return { ...view, token, url: `${this.#deps.origin}/invite/${token}` };
  }

  /** Those that are good: all of them for owners and admins, their own for others. */
  async list(user: string, room: string): Promise<InviteView[]> {
    const standing = await this.#deps.rooms.standing(user, room);
    requireInviter(standing);
    const found = (await this.#deps.invites.ofRoom(room, MAX_LISTED)).filter(isGood);
    return this.#views(found.filter((invite) => maySee(standing, invite)));
  }

  async revoke(user: string, room: string, id: string): Promise<void> {
    const standing = await this.#deps.rooms.standing(user, room);
    requireNoDm(standing.room);
    const invite = await this.#deps.invites.byId(room, id);
    if (invite === undefined || !maySee(standing, invite)) throw notFound('invite');
    await this.#deps.invites.delete(room, id);
  }

  /** What somebody who has the link may know before they come in. */
  async preview(user: string, token: string): Promise<InvitePreview> {
    const invite = await this.#good(token);
    const { roomStore, rooms, directory } = this.#deps;
    const room = await roomStore.byId(invite.room);
    if (room === undefined) throw notFound('invite');
    const by = (await directory.names([invite.by])).get(invite.by);
    const joined = await rooms.isIn(user, room.id);
    return {
      name: room.name ?? '',
      type: room.type,
      members: room.memberCount,
      by: { displayName: by?.displayName ?? '' },
      // Where they are in already, the room is no secret to them.
      ...(joined ? { room: room.id } : {}),
      ...(invite.expiresAt === undefined ? {} : { expiresAt: invite.expiresAt.toISOString() }),
    };
  }

  /** Who is in already gets the room and uses nothing up. */
  async join(user: string, token: string): Promise<Room> {
    const invite = await this.#good(token);
    const { invites, members, rooms, roomStore } = this.#deps;
    if ((await roomStore.byId(invite.room)) === undefined) throw notFound('invite');
    if (await rooms.isIn(user, invite.room)) return rooms.get(user, invite.room);
    if (!(await invites.use(invite))) throw notFound('invite');
    let came = false;
    try {
      came = await members.enter(user, invite.room, invite.by);
    } finally {
      if (!came) await invites.giveBack(invite.id);
    }
    return rooms.get(user, invite.room);
  }

  /** An unknown, revoked, expired and used-up token look the same. */
  async #good(token: string): Promise<Invite> {
    const invite = await this.#deps.invites.byToken(hashOf(token));
    if (invite === undefined || !isGood(invite)) throw notFound('invite');
    return invite;
  }

  /** Counted with the new one stored, so that makers at the same time cannot pass the limit together. */
  async #requireSpace({ room, id }: Invite): Promise<void> {
    const { invites } = this.#deps;
    const all = await invites.ofRoom(room, MAX_LISTED);
    for (const dead of all.filter((invite) => !isGood(invite))) await invites.delete(room, dead.id);
    if (all.filter(isGood).length <= MAX_ACTIVE) return;
    await invites.delete(room, id);
    throw new ParleyError('conflict', `A room has at most ${MAX_ACTIVE} invite links. Revoke one first.`);
  }

  async #views(invites: readonly Invite[]): Promise<InviteView[]> {
    const names = await this.#deps.directory.names(invites.map(({ by }) => by));
    return invites.flatMap(({ id, by, createdAt, expiresAt, maxUses, uses }) => {
      const maker = names.get(by);
      if (maker === undefined) return [];
      return {
        id,
        by: maker,
        createdAt: createdAt.toISOString(),
        ...(expiresAt === undefined ? {} : { expiresAt: expiresAt.toISOString() }),
        ...(maxUses === undefined ? {} : { maxUses }),
        uses,
      };
    });
  }
}

function requireInviter({ room, member }: Standing): void {
  requireNoDm(room);
  if (member.role === 'member' && !room.public)
    throw new ParleyError('forbidden', 'Only owners and admins of this room may invite by link.');
}

const maySee = ({ member }: Standing, invite: Invite): boolean =>
  member.role !== 'member' || invite.by === member.user;

const isGood = ({ expiresAt, maxUses, uses }: Invite): boolean =>
  (expiresAt === undefined || expiresAt.getTime() > Date.now()) && (maxUses === undefined || uses < maxUses);

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');
