import { createHash, randomBytes } from 'node:crypto';
import { each } from '../../shared/node/each.ts';
import { notFound, ParleyError } from '../../shared/node/errors.ts';
import type {
  CreatedInvite,
  CreateInviteBody,
  Invite as InviteView,
  InvitePreview,
  Room,
} from '../../shared/wire/rest.ts';
import { mayDo, requireRight } from '../rights/require.ts';
import type { Invite, InviteStore } from '../store/invites.ts';
import type { StoredRoom } from '../store/rooms.ts';
import type { Directory } from './directory.ts';
import type { Members } from './members.ts';
import type { Rooms, Standing } from './rooms.ts';

/** Links that may be good at a time, in one room. */
const MAX_ACTIVE = 50;
/** Links of a room that are looked at. */
const MAX_LISTED = 200;
/** The dead among them that are kept, by which members still find the room; more are cleared away as new ones are made. */
const MAX_DEAD = 100;
/** Makers of links whose standing is looked up at once. */
const CONCURRENCY = 8;
/** Random bytes in a token: nobody guesses 192 bits. */
const TOKEN_BYTES = 24;

export interface InviteDeps {
  readonly invites: InviteStore;
  readonly rooms: Rooms;
  readonly members: Members;
  readonly directory: Directory;
  /** Where people reach the client. */
  readonly origin: string;
}

/** A link that means something to who asks. */
interface Found {
  readonly invite: Invite;
  readonly room: StoredRoom;
  /** Whether they are in already. */
  readonly joined: boolean;
}

/**
 * Links by which people come into a room: made by its owner and admins, in public channels by every member. A link is good
 * only while its maker might still make it: who was removed does not come back by a link of their own.
 */
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
    const found = await this.#deps.invites.ofRoom(room, MAX_LISTED);
    return this.#views(await this.#living(found.filter((invite) => maySee(standing, invite))));
  }

  async revoke(user: string, room: string, id: string): Promise<void> {
    const standing = await this.#deps.rooms.standing(user, room);
    const invite = await this.#deps.invites.byId(room, id);
    if (invite === undefined || !maySee(standing, invite)) throw notFound('invite');
    await this.#deps.invites.delete(room, id);
  }

  /** What somebody who has the link may know before they come in. */
  async preview(user: string, token: string): Promise<InvitePreview> {
    const { invite, room, joined } = await this.#found(user, token);
    const by = (await this.#deps.directory.names([invite.by])).get(invite.by);
    return {
      id: room.id,
      name: room.name ?? '',
      type: room.type,
      members: room.memberCount,
      by: { displayName: by?.displayName ?? '' },
      ...(joined ? { room: room.id } : {}),
      ...(invite.expiresAt === undefined ? {} : { expiresAt: invite.expiresAt.toISOString() }),
    };
  }

  /** Who is in already gets the room and uses nothing up. */
  async join(user: string, token: string): Promise<Room> {
    const { invite, joined } = await this.#found(user, token);
    const { invites, members, rooms } = this.#deps;
    if (joined) return rooms.get(user, invite.room);
    if (!(await invites.use(invite))) throw notFound('invite');
    let came = false;
    try {
      came = await members.enter(user, invite.room, invite.by);
    } finally {
      if (!came) await invites.giveBack(invite.id);
    }
    return rooms.get(user, invite.room);
  }

  /**
   * To who is not in the room, an unknown, revoked, expired and used-up token look the same, and one of a maker who may
   * not invite any more. Members need no leave to come in: to them it only has to be known.
   */
  async #found(user: string, token: string): Promise<Found> {
    const invite = await this.#deps.invites.byToken(hashOf(token));
    if (invite === undefined) throw notFound('invite');
    const own = await this.#standing(user, invite.room);
    if (own !== undefined) return { invite, room: own.room, joined: true };
    const maker = isGood(invite) ? await this.#maker(invite.by, invite.room) : undefined;
    if (maker === undefined) throw notFound('invite');
    return { invite, room: maker.room, joined: false };
  }

  /** undefined for who may not invite into the room (any more), and for a room that is gone. */
  async #maker(user: string, room: string): Promise<Standing | undefined> {
    const standing = await this.#standing(user, room);
    if (standing === undefined) return undefined;
    return mayDo('invite.create', standing.room, standing.member.role) ? standing : undefined;
  }

  /** undefined for who is not in the room, and for one that is gone. */
  async #standing(user: string, room: string): Promise<Standing | undefined> {
    try {
      return await this.#deps.rooms.standing(user, room);
    } catch (error) {
      if (error instanceof ParleyError && error.code === 'not_found') return undefined;
      throw error;
    }
  }

  /** Those that somebody could come in by; all are of one room. */
  async #living(invites: readonly Invite[]): Promise<Invite[]> {
    const good = invites.filter(isGood);
    const makers = new Map(good.map(({ by, room }) => [by, room]));
    const found = await each([...makers], CONCURRENCY, ([by, room]) => this.#maker(by, room));
    const living = new Set(found.map((maker) => maker?.member.user));
    return good.filter(({ by }) => living.has(by));
  }

  /** Counted with the new one stored, so that makers at the same time cannot pass the limit together. */
  async #requireSpace({ room, id }: Invite): Promise<void> {
    const { invites } = this.#deps;
    const all = await invites.ofRoom(room, MAX_LISTED);
    const living = new Set((await this.#living(all)).map((invite) => invite.id));
    const dead = all.filter((invite) => !living.has(invite.id));
    for (const { id: old } of dead.slice(MAX_DEAD)) await invites.delete(room, old);
    if (living.size <= MAX_ACTIVE) return;
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

const requireInviter = ({ room, member }: Standing): void => requireRight('invite.create', room, member.role);

const maySee = ({ room, member }: Standing, invite: Invite): boolean =>
  invite.by === member.user || mayDo('invite.others', room, member.role);

const isGood = ({ expiresAt, maxUses, uses }: Invite): boolean =>
  (expiresAt === undefined || expiresAt.getTime() > Date.now()) && (maxUses === undefined || uses < maxUses);

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');
