import { each } from '../../shared/node/each.ts';
import { mentionTokens, ROOM_ALIASES } from '../../shared/wire/mentions.ts';
import { LIMITS } from '../../shared/wire/protocol.ts';
import { mayDo } from '../rights/require.ts';
import type { Directory } from './directory.ts';
import type { Membership, MembershipCache } from './membership.ts';

/** Memberships looked up at once where the cache does not know them. */
const CONCURRENCY = 8;

/** Whom a text names: members of its room, or all of it. A text without an `@` costs nothing. */
export class Mentions {
  readonly #directory: Pick<Directory, 'idsOf'>;
  readonly #membership: Pick<MembershipCache, 'get'>;

  constructor(deps: {
    readonly directory: Pick<Directory, 'idsOf'>;
    readonly membership: Pick<MembershipCache, 'get'>;
  }) {
    this.#directory = deps.directory;
    this.#membership = deps.membership;
  }

  /** User ids, or "room", each once, in order; undefined for nobody. In a direct conversation there is nobody to name. */
  async find(sender: string, room: string, text: string): Promise<readonly string[] | undefined> {
    const written = namesIn(text);
    if (written.length === 0) return undefined;
    const membership = await this.#membership.get(sender, room);
    if (membership === undefined || membership.room.type === 'dm') return undefined;
    const ids = await this.#directory.idsOf(written.flat().filter((name) => !ROOM_ALIASES.has(name)));
    const found = await each(written, CONCURRENCY, async (names): Promise<string | undefined> => {
      if (names.some((name) => ROOM_ALIASES.has(name))) return mayNameRoom(membership) ? 'room' : undefined;
      for (const name of names) {
        const id = ids.get(name);
        if (id !== undefined && (await this.#membership.get(id, room)) !== undefined) return id;
      }
      return undefined;
    });
    const mentions = [...new Set(found.filter((one) => one !== undefined))];
    return mentions.length === 0 ? undefined : mentions;
  }
}

/** Of more names than a message may hold, the first ones count. */
function namesIn(text: string): readonly (readonly string[])[] {
  const written = new Map(mentionTokens(text).map(({ names }) => [names.join('@'), names]));
  return [...written.values()].slice(0, LIMITS.mentions);
}

function mayNameRoom({ role, room }: Membership): boolean {
  return mayDo(room.members > LIMITS.roomMentionMembers ? 'mention.largeRoom' : 'mention.room', room, role);
}
