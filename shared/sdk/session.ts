import {
  CloseCode,
  type ErrorFrame,
  type ReadyFrame,
  type ServerFrame,
  type UserFrame,
} from '../wire/protocol.ts';
import type { Me, UserSummary } from '../wire/rest.ts';
import type { Api } from './api.ts';
import type { Auth } from './auth.ts';
import { Connection, type LinkState } from './connection.ts';
import type { Engine } from './engine.ts';
import { Names } from './names.ts';
import { Derived, Value } from './observable.ts';
import { OutboxStore } from './outbox-store.ts';
import { Offline } from './offline.ts';
import { Outbox } from './outbox.ts';
import { Own } from './own.ts';
import { OwnVersion } from './own-version.ts';
import type { Parting } from './parting.ts';
import { Presence } from './presence.ts';
import { Reading } from './reading.ts';
import { refusedIn } from './refused.ts';
import type { RoomCache } from './room-cache.ts';
import { Rooms } from './rooms.ts';
import type { Tabs } from './tabs.ts';
import type { Timing } from './timing.ts';
import type { ConnectionState, RefusedMessage, Socket, Storage } from './types.ts';
import { Threads } from './threads.ts';
import { Writing } from './writing.ts';

export interface SessionDeps {
  readonly origin: string;
  readonly connect: (url: string, protocol: string) => Socket;
  readonly storage: Storage;
  readonly cache: RoomCache | undefined;
  readonly parting: Parting | undefined;
  readonly tabs: Tabs;
  readonly timing: Timing;
  readonly random: () => number;
  readonly warn: (message: string, error: unknown) => void;
  readonly auth: Auth;
  readonly api: Api;
  /** Calls that go out in this user's name or not at all. */
  readonly apiOf: (user: string) => Api;
  /** The server says that the cookie is another user's by now. */
  readonly onOtherUser: () => void;
}

/** ms until a refused frame goes again, whatever the server asks for; and over which devices spread theirs. */
const LONGEST_WAIT = 60_000;
const SPREAD = 1_000;

/** Why it ends: the program stops, nobody is signed in any more, or they left of their own will. */
export type Ending = 'close' | 'leave' | 'forget';

/** What lives while a user is signed in: the socket, the rooms, the outbox; and which of them a frame is for. */
export class SignedIn {
  readonly state = new Value<ConnectionState>({ name: 'offline' });
  readonly rooms: Rooms;
  readonly presence: Presence;
  readonly own: Own;
  readonly writing: Writing;
  readonly threads: Threads;
  readonly #version = new OwnVersion();
  readonly #names: Names;
  readonly #profile: Reading<Me>;
  readonly refused = new Derived<readonly RefusedMessage[]>([], (before) => this.#refused(before));
  readonly #deps: SessionDeps;
  readonly #connection: Connection;
  #link: LinkState = { name: 'offline' };
  #user: string | undefined;
  #connected = false;
  #outbox: Outbox | undefined;
  #store: OutboxStore | undefined;
  #offline: Offline | undefined;

  constructor(deps: SessionDeps) {
    this.#deps = deps;
    const { timing, random, warn, api, auth } = deps;
    this.#names = new Names({
      ...{ api, timing, random, warn },
      listed: () => this.rooms.people(),
      onChanged: (user) => {
        this.rooms.onUser(user);
      },
    });
    const engine: Engine = {
      api,
      timing,
      random,
      warn,
      me: () => auth.me,
      blocked: () => this.own.blocked.get(),
      names: this.#names,
      outbox: () => this.#outbox,
      send: (frame) => this.#connection.send(frame),
    };
    this.threads = new Threads({ api, warn, me: () => auth.me?.id, blocked: () => this.own.blocked.get() });
    this.rooms = new Rooms(engine, this.threads);
    this.#profile = new Reading({
      fetch: () => api.me(),
      apply: (me) => {
        if (me.id === this.#user) this.#onMe(me);
      },
      onError: (error) => {
        warn('the profile could not be read', error);
      },
    });
    this.presence = new Presence(engine.send);
    const { rooms } = this;
    this.own = new Own({ api, rooms, version: this.#version, warn, me: () => auth.me?.id });
    this.writing = new Writing(api, warn);
    this.#connection = new Connection({
      origin: deps.origin,
      bearer: auth,
      connect: deps.connect,
      timing,
      random,
      warn,
      positions: () => this.rooms.positions(),
      onState: (state) => {
        this.#onLink(state);
      },
      onFrame: (frame) => {
        this.#onFrame(frame);
      },
    });
    this.rooms.lacking.subscribe(() => {
      this.#show();
    });
    this.threads.list.subscribe(() => {
      this.#offline?.ownChanged('followed');
    });
    for (const source of [this.own.blocked, this.#version.known]) {
      source.subscribe(() => {
        this.#offline?.ownChanged('blocked');
      });
    }
    for (const source of [this.rooms.list, this.rooms.loaded]) {
      source.subscribe(() => {
        this.refused.invalidate();
        this.#offline?.poke();
      });
    }
  }

  get user(): string | undefined {
    return this.#user;
  }

  /** The user is known: what waits is shown and more can be put in, though the server may not be reached yet. */
  begin(me: Me): void {
    this.#user = me.id;
    this.#outbox = this.#newOutbox(me.id);
    this.#outbox.start().catch((error: unknown) => {
      this.#deps.warn('the outbox could not be opened', error);
    });
    const { cache, timing, warn } = this.#deps;
    if (cache === undefined) return;
    const { rooms, threads, own } = this;
    this.#offline = new Offline({ cache, user: me.id, timing, warn, rooms, threads, own });
    this.rooms.offline = this.#offline;
    this.#offline.restore();
  }

  /** The user is signed in: the rest begins. Nothing happens where it has. */
  connect(): void {
    if (this.#connected) return;
    this.#connected = true;
    const start = (): void => {
      this.#outbox?.connect();
      this.rooms.start();
      this.#connection.start();
    };
    const offline = this.#offline;
    if (offline === undefined) return start();
    // The positions kept go out with the first frame.
    void offline.restored.then(() => {
      if (this.#offline === offline) start();
    });
  }

  /** What waits in the outbox stays stored for this user, unless they left; what was seen stays only for their next visit. */
  async end(how: Ending): Promise<void> {
    const store = this.#store;
    this.#offline?.stop();
    this.#offline = undefined;
    this.rooms.offline = undefined;
    this.#user = undefined;
    this.#connected = false;
    this.#outbox?.stop();
    this.#outbox = undefined;
    this.#store = undefined;
    this.#connection.stop();
    this.#names.clear();
    this.#profile.stop();
    this.presence.clear();
    this.own.clear();
    this.#version.clear();
    this.writing.clear();
    this.threads.clear();
    this.rooms.clear();
    this.refused.invalidate();
    const clearing = [
      ...(how === 'forget' ? [store?.clear()] : []),
      ...(how === 'close' ? [] : [this.#deps.cache?.clear()]),
    ];
    await Promise.all(clearing);
  }

  /** A fresh access token for the live socket. */
  authenticate(token: string): void {
    this.#connection.authenticate(token);
  }

  wake(): void {
    if (this.#user !== undefined) this.#connection.wake();
  }

  rest(isGoing: boolean): void {
    if (isGoing) {
      this.rooms.cursors.part();
      this.#outbox?.part();
    } else this.rooms.cursors.hurry();
  }

  #newOutbox(user: string): Outbox {
    const { storage, tabs, timing, random, warn, parting } = this.#deps;
    const api = this.#deps.apiOf(user);
    this.#store = new OutboxStore({ storage, tabs, user, warn });
    return new Outbox({
      store: this.#store,
      user,
      parting,
      timing,
      random,
      warn,
      send: (frame) => this.#connection.send(frame),
      post: async (room, draft) => {
        const message = await api.sendMessage(room, draft);
        if (this.#user === user) this.rooms.state(room).onMessage(message);
        return message;
      },
      onChange: (room) => {
        this.rooms.state(room).invalidate();
        this.refused.invalidate();
      },
      onStored: (entry, stored) => {
        if (this.#user === user) this.rooms.state(entry.room).onStored(entry, stored);
      },
    });
  }

  #onLink(state: LinkState): void {
    this.#link = state;
    // Before anything else is sent: `ready` itself is handled by the frame behind it.
    if (state.name !== 'ready') this.#outbox?.onLink(false);
    this.#offline?.onLink(state.name === 'ready');
    this.#names.onLink(state.name === 'ready');
    this.#show();
    if (state.name !== 'stopped' || state.code !== CloseCode.sessionEnded) return;
    this.#deps.auth.signOut(state.reason).catch((error: unknown) => {
      this.#deps.warn('the session could not be forgotten', error);
    });
  }

  #onFrame(frame: ServerFrame): void {
    switch (frame.type) {
      case 'ready':
        if (frame.user !== this.#user) {
          this.#deps.onOtherUser();
          return;
        }
        this.#onReady(frame);
        break;
      case 'ack':
        this.#outbox?.onAck(frame);
        break;
      case 'error':
        if (frame.clientId === undefined) this.#onRefusal(frame);
        else this.#outbox?.onError(frame);
        break;
      case 'user':
        this.#onUser(frame);
        break;
      case 'presence':
        this.presence.onFrame(frame);
        break;
      case 'blocks':
        this.own.onBlocks(frame);
        this.#version.heard(frame.self);
        break;
      case 'prefs':
        this.rooms.onFrame(frame);
        if (frame.self !== undefined) this.#version.heard(frame.self);
        break;
      case 'draft':
        this.writing.onDraft(frame);
        break;
      case 'thread':
        this.threads.onThread(frame);
        break;
      case 'scheduled':
        this.writing.onScheduled();
        break;
      default:
        this.rooms.onFrame(frame);
    }
  }

  #onReady(frame: ReadyFrame): void {
    const isMissed = this.#version.isMissed(frame.self ?? 0);
    this.#profile.onReady(isMissed);
    this.rooms.onReady(frame, isMissed);
    this.presence.onReady();
    this.own.onReady(isMissed);
    this.writing.onReady();
    this.threads.onReady();
    this.#outbox?.onLink(true);
  }

  /** Of a frame that has no name: what must not get lost among those goes once more, where that can help. */
  #onRefusal(error: ErrorFrame): void {
    this.#deps.warn('the gateway refused a frame', error);
    if (!error.retry) return;
    const wait = Math.min(LONGEST_WAIT, (error.retryAfterMs ?? 0) + this.#deps.random() * SPREAD);
    this.rooms.cursors.again(wait);
    this.presence.again(wait);
  }

  #onUser({ user, self }: UserFrame): void {
    if (user.id !== this.#user) {
      this.rooms.onUser(user);
      return;
    }
    if (self !== undefined && self !== this.#version.known.get()) {
      // What others do not see of it may be another as well.
      void this.#profile.start();
      this.#version.heard(self);
    }
    this.#onMe(user);
  }

  #onMe(me: Me | UserSummary): void {
    this.#deps.auth.setMe(me).catch((error: unknown) => {
      this.#deps.warn('the profile could not be taken over', error);
    });
    this.rooms.onUser(me);
  }

  /** Which rooms are mine is known only once the list is there. */
  #refused(before: readonly RefusedMessage[]): readonly RefusedMessage[] {
    if (this.#outbox === undefined || !this.rooms.loaded.get()) return before.length === 0 ? before : [];
    return refusedIn(before, this.#outbox.entries, this.rooms.list.get());
  }

  #show(): void {
    const link = this.#link;
    const lacking = this.rooms.lacking.get();
    if (link.name === 'stopped') this.state.set({ name: 'stopped', reason: link.reason });
    else if (link.name !== 'ready') this.state.set(link);
    else if (lacking > 0) this.state.set({ name: 'catching-up', rooms: lacking });
    else if (this.state.get().name !== 'online') this.state.set({ name: 'online' });
  }
}
