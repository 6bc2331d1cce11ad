import type { Redis } from 'ioredis';
import { unavailable } from '../../shared/node/errors.ts';
import { GATEWAYS_KEY, gatewayLeaseKey, gatewayUsersKey } from '../../shared/node/keys.ts';
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
    const online = await this.#online(users.map(({ id }) => id)).catch((error: unknown) => {
      throw unavailable('Presence', error);
    });
    return users.map(({ id, lastSeenAt }) => {
      if (hidden.has(id)) return { user: id, online: false };
      const isOnline = online.has(id);
      const seen = lastSeenAt === undefined || isOnline ? {} : { lastSeen: lastSeenAt.toISOString() };
      return { user: id, online: isOnline, ...seen };
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

  async #online(users: readonly string[]): Promise<Set<string>> {
    const gateways = await this.#redis.smembers(GATEWAYS_KEY);
    if (gateways.length === 0) return new Set();
    const leases = await this.#redis.mget(gateways.map(gatewayLeaseKey));
    const live = gateways.filter((_, i) => typeof leases[i] === 'string');
    const lists = await Promise.all(
      live.map((gateway) => this.#redis.smismember(gatewayUsersKey(gateway), ...users)),
    );
    return new Set(users.filter((_, i) => lists.some((flags) => flags[i] === 1)));
  }
}
