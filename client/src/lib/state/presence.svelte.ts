import type { Client, ConnectionState } from '../../../../shared/sdk/types.ts';
import type { PresenceState } from '../../../../shared/wire/protocol.ts';
import { hereOf, type Here } from '../chat/presence.ts';
import { watchList } from '../chat/watch-list.ts';
import { LastSeen } from './last-seen.svelte.ts';
import { Live } from './live.svelte.ts';

/** Who is here, of those the screens show. Owned by the app. */
export class Presences {
  readonly #client: Client;
  readonly #states: Live<ReadonlyMap<string, PresenceState>>;
  readonly #connection: Live<ConnectionState>;
  readonly #lastSeen: LastSeen;
  #peers: readonly string[] = [];
  #members: readonly string[] = [];
  #watched = '';

  constructor(client: Client) {
    this.#client = client;
    this.#states = new Live(client.presence);
    this.#connection = new Live(client.connection);
    this.#lastSeen = new LastSeen(client.own);
    // What was found out holds only until they are here again: afterwards they may hide it.
    client.presence.subscribe(() => {
      for (const [user, { online }] of client.presence.get()) if (online) this.#lastSeen.forget(user);
    });
    client.connection.subscribe(() => {
      if (!isLive(client.connection.get())) this.#lastSeen.clear();
    });
  }

  /** Undefined: not known, as without a connection: what was heard last may be long over. */
  of(user: string): PresenceState | undefined {
    const state = this.#heardOf(user);
    if (state === undefined || state.online || state.lastSeen !== undefined) return state;
    const lastSeen = this.#lastSeen.of(user);
    return lastSeen === undefined ? state : { ...state, lastSeen };
  }
  /** How they are here; undefined: not, or not known. */
  hereOf(user: string): Here | undefined {
    return hereOf(this.#heardOf(user));
  }
  #heardOf(user: string): PresenceState | undefined {
    return isLive(this.#connection.current) ? this.#states.current.get(user) : undefined;
  }

  /** Asks when somebody was here last, where it matters and is not known. */
  wantLastSeen(user: string): void {
    const state = this.of(user);
    if (state?.online === false && state.lastSeen === undefined) this.#lastSeen.want(user);
  }

  /** Whose presence is wanted: the people in the list, and those of the details pane. */
  watchPeers(users: readonly string[]): void {
    this.#peers = users;
    this.#watch();
  }
  watchMembers(users: readonly string[]): void {
    this.#members = users;
    this.#watch();
  }
  #watch(): void {
    const users = watchList(this.#members, this.#peers);
    const key = users.join();
    if (key === this.#watched) return;
    this.#watched = key;
    this.#client.watch(users);
  }

  clear(): void {
    this.#watched = '';
    this.#lastSeen.clear();
  }
}

const isLive = ({ name }: ConnectionState): boolean => name === 'online' || name === 'catching-up';
