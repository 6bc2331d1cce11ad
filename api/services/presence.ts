import type { Redis } from 'ioredis';
import { unavailable } from '../../shared/node/errors.ts';
import { GATEWAYS_KEY, gatewayLeaseKey, gatewayUsersKey } from '../../shared/node/keys.ts';
import type { PresenceState } from '../../shared/wire/protocol.ts';
import type { Users } from './users.ts';

/** Who is online: whom any gateway with a living lease lists. */
export class PresenceReader {
  readonly #redis: Redis;
  readonly #users: Users;

  constructor(deps: { readonly redis: Redis; readonly users: Users }) {
    this.#redis = deps.redis;
    this.#users = deps.users;
  }

  /** Users by id or username. Throws `not_found`, and `unavailable` where Redis is away: unknown is not offline. */
  async read(refs: readonly string[]): Promise<PresenceState[]> {
    const users = await this.#users.resolve(refs);
    const online = await this.#online(users.map(({ id }) => id)).catch((error: unknown) => {
      throw unavailable('Presence', error);
    });
    return users.map(({ id, lastSeenAt }) => ({
      user: id,
      online: online.has(id),
      ...(lastSeenAt === undefined || online.has(id) ? {} : { lastSeen: lastSeenAt.toISOString() }),
    }));
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
