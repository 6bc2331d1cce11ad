import type { Redis } from 'ioredis';
import { GATEWAYS_KEY, gatewayLeaseKey, gatewayUsersKey } from '../shared/node/keys.ts';

/** Who is connected where, told by gateways that still live. Calls reject while Redis is away. */
export interface Leases {
  /** Renews this gateway's lease and makes its list of users the one given. */
  announce(users: ReadonlySet<string>): Promise<void>;
  /** Which of `users` a live gateway lists, and the gateways asked. */
  read(users: readonly string[]): Promise<{ online: ReadonlySet<string>; gateways: ReadonlySet<string> }>;
  /** Ends the lease; the users' next gateway has the grace of a lapsed one to list them. */
  release(): Promise<void>;
}

const LEASE_MS = 15_000;
const USERS_MS = 60_000;
const MEMBERS_PER_COMMAND = 1_000;

/** Leases in Redis under this process's incarnation id: a restarted gateway is another one. */
export class RedisLeases implements Leases {
  readonly #redis: Redis;
  readonly #id: string;
  #written: ReadonlySet<string> | undefined;

  constructor(redis: Redis, incarnation: string) {
    this.#redis = redis;
    this.#id = incarnation;
  }

  async announce(users: ReadonlySet<string>): Promise<void> {
    // Redis may have lost the list: then all of it goes again, at once, before anybody is taken for offline.
    if (!(await this.#write(users))) await this.#write(users);
  }

  /** True if Redis now has exactly these. */
  async #write(users: ReadonlySet<string>): Promise<boolean> {
    const key = gatewayUsersKey(this.#id);
    const before = this.#written ?? new Set<string>();
    // Unknown until all of it is written: after a failure, too, the whole list goes again.
    const isWhole = this.#written === undefined;
    this.#written = undefined;
    if (isWhole) await this.#redis.del(key);
    await this.#redis.sadd(GATEWAYS_KEY, this.#id);
    await this.#redis.set(gatewayLeaseKey(this.#id), '1', 'PX', LEASE_MS);
    for (const chunk of chunks([...users].filter((user) => !before.has(user)))) {
      await this.#redis.sadd(key, ...chunk);
    }
    for (const chunk of chunks([...before].filter((user) => !users.has(user)))) {
      await this.#redis.srem(key, ...chunk);
    }
    await this.#redis.pexpire(key, USERS_MS);
    const isKept = (await this.#redis.scard(key)) === users.size;
    if (isKept) this.#written = new Set(users);
    return isKept;
  }

  async read(
    users: readonly string[],
  ): Promise<{ online: ReadonlySet<string>; gateways: ReadonlySet<string> }> {
    const known = await this.#redis.smembers(GATEWAYS_KEY);
    const leases = known.length === 0 ? [] : await this.#redis.mget(known.map(gatewayLeaseKey));
    const live = known.filter((_, index) => leases[index] !== null && leases[index] !== undefined);
    const dead = known.filter((gateway) => !live.includes(gateway));
    if (dead.length > 0) await this.#redis.srem(GATEWAYS_KEY, ...dead);
    const online = new Set<string>();
    await Promise.all(live.map((gateway) => this.#listed(gateway, users, online)));
    return { online, gateways: new Set(live) };
  }

  async release(): Promise<void> {
    await this.#redis.del(gatewayLeaseKey(this.#id), gatewayUsersKey(this.#id));
    await this.#redis.srem(GATEWAYS_KEY, this.#id);
  }

  async #listed(gateway: string, users: readonly string[], online: Set<string>): Promise<void> {
    for (const chunk of chunks(users)) {
      const flags = await this.#redis.smismember(gatewayUsersKey(gateway), ...chunk);
      chunk.forEach((user, index) => {
        if (flags[index] === 1) online.add(user);
      });
    }
  }
}

function chunks(values: readonly string[]): string[][] {
  const result: string[][] = [];
  for (let i = 0; i < values.length; i += MEMBERS_PER_COMMAND) {
    result.push(values.slice(i, i + MEMBERS_PER_COMMAND));
  }
  return result;
}
