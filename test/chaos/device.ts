import type { Dispatcher } from 'undici';
import { memoryStorage, ParleyClient, type RoomHandle, type TimelineItem } from '../../shared/sdk/index.ts';
import type { View } from './evidence.ts';
import type { History } from './history.ts';
import type { Rows } from './rows.ts';
import { Tap } from './tap.ts';

export interface DeviceOptions {
  readonly name: string;
  readonly origin: string;
  readonly ca: string;
  readonly dispatcher: Dispatcher;
  readonly history: History;
  readonly rows: Rows;
  readonly user: { readonly id: string; readonly username: string; readonly password: string };
  /** Rooms it has open, as long as it runs. */
  readonly rooms: readonly string[];
  readonly refusesLog: boolean;
}

/** Messages of a room that a device scrolls back to at the end. */
const SCROLL_BACK = 1_500;

/** One of a user's devices: the SDK with a network that can be cut, and a storage that outlives a restart. */
export class Device {
  readonly name: string;
  readonly user: string;
  readonly rooms: readonly string[];
  readonly #options: DeviceOptions;
  readonly #tap: Tap;
  readonly #storage = memoryStorage();
  readonly #counts = new Map<string, number>();
  #client: ParleyClient | undefined;
  #observed: (() => void)[] = [];

  constructor(options: DeviceOptions) {
    this.#options = options;
    this.name = options.name;
    this.user = options.user.id;
    this.rooms = options.rooms;
    this.#tap = new Tap({ ...options, user: options.user.id });
  }

  get client(): ParleyClient {
    if (this.#client === undefined) throw new Error(`${this.name} does not run`);
    return this.#client;
  }

  get isRunning(): boolean {
    return this.#client !== undefined;
  }

  async signIn(): Promise<void> {
    this.#start();
    const { username, password } = this.#options.user;
    await this.client.login({ username, password });
    await Promise.all(this.rooms.map((room) => this.client.room(room).open()));
  }

  /** A new process with the old storage. Does not wait for the server. */
  comeBack(): void {
    this.#start();
    this.client.restore().catch((error: unknown) => this.note(`restore: ${String(error)}`));
    for (const room of this.rooms) this.#open(room);
  }

  /** The process ends at once, whatever is in flight. */
  stop(): void {
    for (const end of this.#observed) end();
    this.#observed = [];
    this.#client?.close();
    this.#client = undefined;
  }

  /** Stops for good. */
  async leave(): Promise<void> {
    this.stop();
    await this.#options.dispatcher.destroy();
  }

  cut(): void {
    this.#tap.cut();
  }

  mend(): void {
    this.#tap.mend();
    this.#client?.wake();
  }

  /** Puts the next of this device's numbered messages into the outbox; `isMember`: a refusal would be wrong. */
  say(room: string, isMember: boolean): void {
    const n = (this.#counts.get(room) ?? 0) + 1;
    this.#counts.set(room, n);
    const text = `${this.name}/${room.slice(-4)}/${n}`;
    const clientId = this.client.room(room).send(text);
    const lane = `${this.name} ${room}`;
    this.#options.history.sent({
      room,
      sender: this.user,
      clientId,
      text,
      lane,
      n,
      isMember,
      isQueued: true,
    });
  }

  /** One page of history, as a reader who scrolls up; a failure shows at the end at the latest. */
  loadOlder(room: string): void {
    const loading = this.client.room(room).loadOlder();
    loading.catch((error: unknown) => this.note(`loadOlder: ${String(error)}`));
  }

  note(text: string): void {
    this.#options.history.note(this.name, text);
  }

  /** Why it stopped for good, if it did. */
  get stopped(): string | undefined {
    const connection = this.client.connection.get();
    if (connection.name === 'stopped') return connection.reason;
    const auth = this.client.auth.get();
    return auth.name === 'signed-out' ? `signed out: ${auth.reason ?? ''}` : undefined;
  }

  /** Scrolls back to the rooms' starts, or some way there. */
  async loadBack(): Promise<void> {
    for (const id of this.rooms) {
      const room = this.client.room(id);
      await room.open();
      for (;;) {
        const { atStart, items } = room.timeline.get();
        if (atStart || items.length >= SCROLL_BACK) break;
        await room.loadOlder();
        const now = room.timeline.get();
        if (now.items.length === items.length && !now.atStart) break;
      }
    }
  }

  /** What it shows of each room; refusals shown are noted in the history once. */
  views(refused: Set<string>): View[] {
    return this.rooms.map((id) => {
      const room = this.client.room(id);
      const { items } = room.timeline.get();
      for (const item of items) this.#noteRefusal(id, item, refused);
      const waiting = items.filter(({ pending, state }) => pending && state?.name !== 'failed').length;
      const rows = items.flatMap(({ message }) => ('seq' in message ? [this.#options.rows.of(message)] : []));
      const me = room.info.get()?.me;
      return {
        ...{ device: this.name, user: this.user, room: id, rows, waiting },
        // One that shows less than it was scrolled back to claims to show all.
        from: items.length < SCROLL_BACK ? 0 : (rows[0]?.seq ?? 0),
        readSeq: me?.readSeq ?? -1,
        unread: me?.unread ?? -1,
      };
    });
  }

  #noteRefusal(room: string, item: TimelineItem, refused: Set<string>): void {
    if (item.state?.name !== 'failed' || refused.has(item.key)) return;
    refused.add(item.key);
    const { code } = item.state;
    this.#options.history.refused({ room, sender: this.user, clientId: item.key, code });
  }

  #start(): void {
    this.#client = new ParleyClient({
      origin: this.#options.origin,
      storage: this.#storage,
      fetch: this.#tap.fetch,
      connect: this.#tap.connect,
      warn: (message, error) =>
        this.note(`${message}: ${error instanceof Error ? error.message : 'a frame'}`),
    });
    // A room nobody looks at would be unloaded.
    this.#observed = this.rooms.map((id) => this.client.room(id).timeline.subscribe(() => undefined));
  }

  #open(id: string): void {
    const room: RoomHandle = this.client.room(id);
    room.open().catch((error: unknown) => this.note(`open: ${String(error)}`));
  }
}
