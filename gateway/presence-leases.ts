import type { Redis } from 'ioredis';
import {
  GATEWAYS_KEY,
  gatewayAwayKey,
  gatewayLeaseKey,
  gatewayUsersKey,
  SEEN_KEY,
  SEEN_USERS,
} from '../shared/node/keys.ts';
import { chunks, listed, PresenceList } from './presence-list.ts';

/** Who is connected to one gateway, and who of them is at no device of theirs; those who hide are in neither. */
export interface Here {
  readonly users: ReadonlySet<string>;
  readonly away: ReadonlySet<string>;
  readonly hidden: ReadonlySet<string>;
}
/** What the living gateways list together. */
export interface Listed {
  readonly online: ReadonlySet<string>;
  /** Of those online: away wherever they are connected. */
  readonly away: ReadonlySet<string>;
  /** Connected, and not to be told from who is not: nor when they went. */
  readonly hidden: ReadonlySet<string>;
  /** Those asked. */
  readonly gateways: ReadonlySet<string>;
}

/** Who is connected where, told by gateways that still live. Calls reject while Redis is away. */
export interface Leases {
  /** Renews this gateway's lease and makes its lists of users those given. */
  announce(here: Here): Promise<void>;
  /** Which of `users` living gateways list. */
  read(users: readonly string[]): Promise<Listed>;
  /** Ends the lease; the users' next gateway has the grace of a lapsed one to list them. */
  release(): Promise<void>;
}

const LEASE_MS = 15_000;
/** ms for which somebody who went while hiding is still listed so: longer than others take to read it. */
const HIDING_MS = 15_000;

/**
 * Leases in Redis under this process's incarnation id: a restarted gateway is another one. In the list of those away, and not
 * in that of those here, are those who hide.
 */
export class RedisLeases implements Leases {
  readonly #redis: Redis;
  readonly #id: string;
  readonly #users: PresenceList;
  readonly #away: PresenceList;
  #here: ReadonlySet<string> = new Set();
  /** Who hid a moment ago, and until when they count so. */
  readonly #hiding = new Map<string, number>();

  constructor(redis: Redis, incarnation: string) {
    this.#redis = redis;
    this.#id = incarnation;
    this.#users = new PresenceList(redis, gatewayUsersKey(incarnation));
    this.#away = new PresenceList(redis, gatewayAwayKey(incarnation));
  }

  async announce({ users, away, hidden }: Here): Promise<void> {
    await this.#redis.sadd(GATEWAYS_KEY, this.#id);
    await this.#redis.set(gatewayLeaseKey(this.#id), '1', 'PX', LEASE_MS);
    this.#noteHiding(users, hidden);
    const unseen = [...away, ...this.#hiding.keys()];
    await Promise.all([this.#users.write(users), this.#away.write(new Set(unseen))]);
    const gone = [...this.#here].filter((user) => !users.has(user) && !this.#hiding.has(user));
    this.#here = users;
    await this.#note(gone);
  }

  async read(users: readonly string[]): Promise<Listed> {
    const known = await this.#redis.smembers(GATEWAYS_KEY);
    const leases = known.length === 0 ? [] : await this.#redis.mget(known.map(gatewayLeaseKey));
    const live = known.filter((_, index) => leases[index] !== null && leases[index] !== undefined);
    const dead = known.filter((gateway) => !live.includes(gateway));
    if (dead.length > 0) await this.#redis.srem(GATEWAYS_KEY, ...dead);
    const lists = await Promise.all(
      live.map(async (gateway) => {
        const [here, away] = await Promise.all([
          listed(this.#redis, gatewayUsersKey(gateway), users),
          listed(this.#redis, gatewayAwayKey(gateway), users),
        ]);
        return { here, away };
      }),
    );
    const online = new Set(lists.flatMap(({ here }) => [...here]));
    const active = new Set(lists.flatMap(({ here, away }) => [...here].filter((user) => !away.has(user))));
    const away = new Set([...online].filter((user) => !active.has(user)));
    const hidden = new Set(lists.flatMap(({ away }) => [...away].filter((user) => !online.has(user))));
    return { online, away, hidden, gateways: new Set(live) };
  }

  async release(): Promise<void> {
    await this.#note([...this.#here]);
    await this.#redis.del(gatewayLeaseKey(this.#id), gatewayUsersKey(this.#id), gatewayAwayKey(this.#id));
    await this.#redis.srem(GATEWAYS_KEY, this.#id);
  }

  #noteHiding(users: ReadonlySet<string>, hidden: ReadonlySet<string>): void {
    const now = Date.now();
    for (const user of hidden) this.#hiding.set(user, now + HIDING_MS);
    for (const [user, until] of this.#hiding) if (until < now || users.has(user)) this.#hiding.delete(user);
  }

  /** Remembers until when they were here, also for those who were not watching. */
  async #note(gone: readonly string[]): Promise<void> {
    if (gone.length === 0) return;
    const now = Date.now();
    for (const chunk of chunks(gone))
      await this.#redis.zadd(SEEN_KEY, ...chunk.flatMap((user) => [now, user]));
    await this.#redis.zremrangebyrank(SEEN_KEY, 0, -SEEN_USERS - 1);
  }
}
