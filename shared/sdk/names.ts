import { Backoff } from '../wire/backoff.ts';
import { LIMITS } from '../wire/protocol.ts';
import type { UserSummary } from '../wire/rest.ts';
import type { Api } from './api.ts';
import { ApiError, isRetryable } from './errors.ts';
import { Timer } from './timer.ts';
import type { Timing } from './timing.ts';

/** Somebody as they are shown. */
export interface Shown {
  readonly user: UserSummary;
  /** By name alone, as a message tells who sent it: that says nothing of a status. */
  readonly byName?: true;
}

export interface NamesDeps {
  readonly api: Pick<Api, 'usersById'>;
  readonly timing: Pick<Timing, 'namesGather' | 'namesSpread'>;
  readonly random: () => number;
  readonly warn: (message: string, error: unknown) => void;
  /** Who stands in the list now, those that matter most first. */
  readonly listed: () => readonly Shown[];
  /** Somebody is called or stands otherwise than was shown. */
  readonly onChanged: (user: UserSummary) => void;
}

/**
 * Names, pictures and statuses that changed while the socket was away, of which no frame tells. After a reconnect those in the list
 * are read in one call, at a moment of one's own within some seconds, since thousands may come back at once; those of a
 * room when it is looked at. Nobody is read twice for one absence, and of more than a call may name the rest stay as they were.
 */
export class Names {
  readonly #deps: NamesDeps;
  readonly #backoff: Backoff;
  readonly #timer = new Timer(() => {
    this.#start();
  });
  readonly #wanted = new Map<string, Shown>();
  /** Read since the last connection. */
  readonly #read = new Set<string>();
  #wantsList = false;
  #isConnected = false;
  /** Grows when somebody else may be signed in. */
  #epoch = 0;

  constructor(deps: NamesDeps) {
    this.#deps = deps;
    this.#backoff = new Backoff({ random: deps.random });
  }

  /** Without a connection nothing is asked; the next one asks for all. */
  onLink(isConnected: boolean): void {
    this.#isConnected = isConnected;
    if (!isConnected) this.#timer.stop();
  }

  /** Connected again after an absence. */
  onReturn(): void {
    this.#read.clear();
    this.#wantsList = true;
    this.#timer.set(this.#deps.timing.namesSpread * this.#deps.random());
  }

  /** These are looked at, as they were known before the absence. */
  want(people: readonly Shown[]): void {
    for (const person of people) this.#add(person);
    if (this.#wanted.size > 0) this.#timer.ensure(this.#deps.timing.namesGather);
  }

  clear(): void {
    this.#epoch += 1;
    this.#timer.stop();
    this.#backoff.reset();
    this.#wanted.clear();
    this.#read.clear();
    this.#wantsList = false;
  }

  #add(person: Shown): void {
    const { id } = person.user;
    const isKnown = this.#wanted.has(id);
    if (this.#read.has(id) || (isKnown && person.byName === true)) return;
    if (isKnown || this.#wanted.size < LIMITS.namedUsers) this.#wanted.set(id, person);
  }

  #start(): void {
    const epoch = this.#epoch;
    if (this.#wantsList) for (const person of this.#deps.listed()) this.#add(person);
    this.#wantsList = false;
    const asked = new Map(this.#wanted);
    this.#wanted.clear();
    if (asked.size === 0) return;
    for (const id of asked.keys()) this.#read.add(id);
    this.#deps.api.usersById([...asked.keys()]).then(
      (users) => {
        if (epoch !== this.#epoch) return;
        this.#backoff.reset();
        for (const user of users) if (differs(asked.get(user.id), user)) this.#deps.onChanged(user);
      },
      (error: unknown) => {
        if (epoch === this.#epoch) this.#failed(error, [...asked.values()]);
      },
    );
  }

  #failed(error: unknown, people: readonly Shown[]): void {
    this.#deps.warn('names could not be read', error);
    if (!(error instanceof ApiError) || !isRetryable(error)) return;
    for (const person of people) {
      this.#read.delete(person.user.id);
      this.#add(person);
    }
    if (this.#isConnected) this.#timer.ensure(this.#backoff.next(error.retryAfterMs));
  }
}

const NAMES = ['username', 'displayName'] as const;
const REST = ['avatar', 'status', 'statusEmoji', 'statusUntil'] as const;

/** Whether two say the same of somebody. */
export function isSame(a: UserSummary, b: UserSummary): boolean {
  return [...NAMES, ...REST].every((field) => a[field] === b[field]);
}

function differs(shown: Shown | undefined, user: UserSummary): boolean {
  if (shown === undefined) return false;
  if (shown.byName !== true) return !isSame(shown.user, user);
  return NAMES.some((field) => shown.user[field] !== user[field]);
}
