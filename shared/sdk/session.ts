import { CloseCode, type ServerFrame } from '../wire/protocol.ts';
import type { Me } from '../wire/rest.ts';
import type { Api } from './api.ts';
import type { Auth } from './auth.ts';
import { Connection, type LinkState } from './connection.ts';
import type { Engine } from './engine.ts';
import { Value } from './observable.ts';
import { OutboxStore } from './outbox-store.ts';
import { Outbox } from './outbox.ts';
import { Presence } from './presence.ts';
import { Rooms } from './rooms.ts';
import type { Tabs } from './tabs.ts';
import type { Timing } from './timing.ts';
import type { ConnectionState, Socket, Storage } from './types.ts';

export interface SessionDeps {
  readonly origin: string;
  readonly connect: (url: string, protocol: string) => Socket;
  readonly storage: Storage;
  readonly tabs: Tabs;
  readonly timing: Timing;
  readonly random: () => number;
  readonly warn: (message: string, error: unknown) => void;
  readonly auth: Auth;
  readonly api: Api;
  /** The server says that the cookie is another user's by now. */
  readonly onOtherUser: () => void;
}

/** What lives while a user is signed in: the socket, the rooms, the outbox; and which of them a frame is for. */
export class SignedIn {
  readonly state = new Value<ConnectionState>({ name: 'offline' });
  readonly rooms: Rooms;
  readonly presence: Presence;
  readonly #deps: SessionDeps;
  readonly #connection: Connection;
  #link: LinkState = { name: 'offline' };
  #user: string | undefined;
  #outbox: Outbox | undefined;
  #store: OutboxStore | undefined;

  constructor(deps: SessionDeps) {
    this.#deps = deps;
    const { timing, random, warn, api, auth } = deps;
    const engine: Engine = {
      api,
      timing,
      random,
      warn,
      me: () => auth.me,
      outbox: () => this.#outbox,
      send: (frame) => this.#connection.send(frame),
    };
    this.rooms = new Rooms(engine);
    this.presence = new Presence(engine.send);
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
  }

  get user(): string | undefined {
    return this.#user;
  }

  begin(me: Me): void {
    this.#user = me.id;
    this.#outbox = this.#newOutbox(me.id);
    this.#outbox.start().catch((error: unknown) => {
      this.#deps.warn('the outbox could not be opened', error);
    });
    this.rooms.start();
    this.#connection.start();
  }

  /** What waits in the outbox stays stored for this user; `forget` throws it away. */
  async end(forget: boolean): Promise<void> {
    const store = this.#store;
    this.#user = undefined;
    this.#outbox?.stop();
    this.#outbox = undefined;
    this.#store = undefined;
    this.#connection.stop();
    this.presence.clear();
    this.rooms.clear();
    if (forget) await store?.clear();
  }

  /** A fresh access token for the live socket. */
  authenticate(token: string): void {
    this.#connection.authenticate(token);
  }

  wake(): void {
    if (this.#user !== undefined) this.#connection.wake();
  }

  #newOutbox(user: string): Outbox {
    const { storage, tabs, timing, random, warn, api } = this.#deps;
    this.#store = new OutboxStore({ storage, tabs, user, warn });
    return new Outbox({
      store: this.#store,
      timing,
      random,
      warn,
      send: (frame) => this.#connection.send(frame),
      post: async (room, draft) => {
        const message = await api.sendMessage(room, draft);
        this.rooms.state(room).onMessage(message);
        return message;
      },
      onChange: (room) => {
        this.rooms.state(room).timeline.invalidate();
      },
      onStored: (entry, stored) => {
        this.rooms.state(entry.room).onStored(entry, stored);
      },
    });
  }

  #onLink(state: LinkState): void {
    this.#link = state;
    // Before anything else is sent: `ready` itself is handled by the frame behind it.
    if (state.name !== 'ready') this.#outbox?.onLink(false);
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
        this.rooms.onFrame(frame);
        this.presence.onReady();
        this.#outbox?.onLink(true);
        break;
      case 'ack':
        this.#outbox?.onAck(frame);
        break;
      case 'error':
        if (frame.clientId === undefined) this.#deps.warn('the gateway refused a frame', frame);
        else this.#outbox?.onError(frame);
        break;
      case 'presence':
        this.presence.onFrame(frame);
        break;
      default:
        this.rooms.onFrame(frame);
    }
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
