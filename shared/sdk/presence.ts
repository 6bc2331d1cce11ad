import { LIMITS, type ClientFrame, type PresenceFrame, type PresenceState } from '../wire/protocol.ts';
import { Value } from './observable.ts';
import { Timer } from './timer.ts';

/** Who of the watched is online. A gateway forgets what was watched, so each `ready` is told anew. */
export class Presence {
  readonly states = new Value<ReadonlyMap<string, PresenceState>>(new Map());
  readonly #send: (frame: ClientFrame) => boolean;
  readonly #againTimer = new Timer(() => {
    this.#tellAgain();
  });
  #watched: readonly string[] = [];
  #away = false;
  /** The server was told so. */
  #isTold = false;

  constructor(send: (frame: ClientFrame) => boolean) {
    this.#send = send;
  }

  /** Replaces the set; the first 500 count. */
  watch(users: readonly string[]): void {
    const watched = [...new Set(users)].slice(0, LIMITS.watchUsers);
    if (sameList(watched, this.#watched)) return;
    this.#watched = watched;
    const kept = [...this.states.get()].filter(([user]) => watched.includes(user));
    this.states.set(new Map(kept));
    this.#send({ type: 'watch', users: watched });
  }

  /** Whether nobody is at this device. */
  setAway(away: boolean): void {
    if (away === this.#away) return;
    this.#away = away;
    this.#isTold = true;
    this.#send({ type: 'away', away });
  }

  /** A frame was refused, which may have been ours. */
  again(ms: number): void {
    this.#againTimer.set(ms);
  }

  onReady(): void {
    this.#againTimer.stop();
    if (this.#away) this.#send({ type: 'away', away: true });
    if (this.#watched.length > 0) this.#send({ type: 'watch', users: this.#watched });
  }

  #tellAgain(): void {
    if (this.#isTold) this.#send({ type: 'away', away: this.#away });
    if (this.#watched.length > 0) this.#send({ type: 'watch', users: this.#watched });
  }

  onFrame({ users }: PresenceFrame): void {
    const watched = new Set(this.#watched);
    const news = users.filter((state) => watched.has(state.user));
    if (news.length === 0) return;
    this.states.set(new Map([...this.states.get(), ...news.map((state) => [state.user, state] as const)]));
  }

  clear(): void {
    this.#againTimer.stop();
    this.#watched = [];
    this.states.set(new Map());
  }
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
