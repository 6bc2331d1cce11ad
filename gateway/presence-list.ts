import type { Redis } from 'ioredis';

/** A gateway that dies without a word leaves its lists behind for so long. */
const LIST_MS = 60_000;
const MEMBERS_PER_COMMAND = 1_000;

/** A set of users in Redis that is kept as it is here: only what changed is written, after a failure all of it. */
export class PresenceList {
  readonly #redis: Redis;
  readonly #key: string;
  #written: ReadonlySet<string> | undefined;

  constructor(redis: Redis, key: string) {
    this.#redis = redis;
    this.#key = key;
  }

  async write(users: ReadonlySet<string>): Promise<void> {
    // Redis may have lost the list: then all of it goes again, at once, before anybody is taken for offline.
    if (!(await this.#attempt(users))) await this.#attempt(users);
  }

  /** True if Redis now has exactly these. */
  async #attempt(users: ReadonlySet<string>): Promise<boolean> {
    const before = this.#written ?? new Set<string>();
    // Unknown until all of it is written: after a failure, too, the whole list goes again.
    const isWhole = this.#written === undefined;
    this.#written = undefined;
    if (isWhole) await this.#redis.del(this.#key);
    for (const chunk of chunks([...users].filter((user) => !before.has(user)))) {
      await this.#redis.sadd(this.#key, ...chunk);
    }
    for (const chunk of chunks([...before].filter((user) => !users.has(user)))) {
      await this.#redis.srem(this.#key, ...chunk);
    }
    await this.#redis.pexpire(this.#key, LIST_MS);
    const isKept = (await this.#redis.scard(this.#key)) === users.size;
    if (isKept) this.#written = new Set(users);
    return isKept;
  }
}

/** Which of `users` the list under `key` names. */
export async function listed(redis: Redis, key: string, users: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (const chunk of chunks(users)) {
    const flags = await redis.smismember(key, ...chunk);
    chunk.forEach((user, index) => {
      if (flags[index] === 1) found.add(user);
    });
  }
  return found;
}

/** As many as one command takes. */
export function chunks(values: readonly string[]): string[][] {
  const result: string[][] = [];
  for (let i = 0; i < values.length; i += MEMBERS_PER_COMMAND) {
    result.push(values.slice(i, i + MEMBERS_PER_COMMAND));
  }
  return result;
}
