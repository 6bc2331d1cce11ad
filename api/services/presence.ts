import type { Redis } from 'ioredis';
import { unavailable } from '../../shared/node/errors.ts';
import {
  GATEWAYS_KEY,
  gatewayAwayKey,
  gatewayLeaseKey,
  gatewayUsersKey,
  SEEN_KEY,
} from '../../shared/node/keys.ts';
import type { PresenceState } from '../../shared/wire/protocol.ts';
import type { BlockStore } from '../store/blocks.ts';
import type { User } from '../store/users.ts';
import type { Users } from './users.ts';

/** Who is online: whom any gateway with a living lease lists. */
export class PresenceReader {
  readonly #redis: Redis;
  readonly #users: Users;
  readonly #blocks: Pick<BlockStore, 'whoBlocked'>;

  constructor(deps: {
    readonly redis: Redis;
    readonly users: Users;
    readonly blocks: Pick<BlockStore, 'whoBlocked'>;
  }) {
    this.#redis = deps.redis;
    this.#users = deps.users;
    this.#blocks = deps.blocks;
  }

  /** Users by id or username. Throws `not_found`, and `unavailable` where Redis is away: unknown is not offline. */
  async read(viewer: string, refs: readonly string[]): Promise<PresenceState[]> {
    const users = await this.#users.resolve(refs);
    const hidden = await this.#hidden(viewer, users);
    const ids = users.map(({ id }) => id);
    const [{ online, active }, left] = await Promise.all([
      this.#listed(ids),
      this.#redis.zmscore(SEEN_KEY, ...ids),
    ]).catch((error: unknown) => {
      throw unavailable('Presence', error);
    });
    return users.map(({ id, lastSeenAt }, i) => {
      if (hidden.has(id)) return { user: id, online: false };
      if (active.has(id)) return { user: id, online: true };
      if (online.has(id)) return { user: id, online: true, away: true };
      // Written with each sign-in and fresh token; gateways know better, for as long as Redis does.
      const seen = Math.max(lastSeenAt?.getTime() ?? 0, Number(left[i] ?? 0));
      return { user: id, online: false, ...(seen > 0 && { lastSeen: new Date(seen).toISOString() }) };
    });
  }

  /** Who hides, who blocked the viewer, and everybody else from a viewer who hides: nobody is hidden from themself. */
  async #hidden(viewer: string, users: readonly User[]): Promise<Set<string>> {
    const others = users.filter(({ id }) => id !== viewer);
    const ids = others.map(({ id }) => id);
    const [[self], blockers] = await Promise.all([
      this.#users.resolve([viewer]),
      this.#blocks.whoBlocked(viewer, ids),
    ]);
    if (self?.hidePresence === true) return new Set(ids);
    return new Set([
      ...others.flatMap(({ id, hidePresence }) => (hidePresence === true ? id : [])),
      ...blockers,
    ]);
  }

  /** Who is connected anywhere, and who of them is at a device of theirs. */
  async #listed(users: readonly string[]): Promise<{ online: Set<string>; active: Set<string> }> {
    const online = new Set<string>();
    const active = new Set<string>();
    const gateways = await this.#redis.smembers(GATEWAYS_KEY);
    if (gateways.length === 0) return { online, active };
    const leases = await this.#redis.mget(gateways.map(gatewayLeaseKey));
    const live = gateways.filter((_, i) => typeof leases[i] === 'string');
    await Promise.all(
      live.map(async (gateway) => {
        const [here, away] = await Promise.all([
          this.#redis.smismember(gatewayUsersKey(gateway), ...users),
          this.#redis.smismember(gatewayAwayKey(gateway), ...users),
        ]);
        users.forEach((user, i) => {
          if (here[i] !== 1) return;
          online.add(user);
          if (away[i] !== 1) active.add(user);
        });
      }),
    );
    return { online, active };
  }
}
