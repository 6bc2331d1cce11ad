import { Agent, fetch as undiciFetch } from 'undici';
import { WebSocket } from 'ws';
import { ParleyClient, type ClientOptions, type RoomHandle, type Socket } from '../../shared/sdk/index.ts';
import type { Person } from '../support/person.ts';
import type { Stored } from './judge.ts';

/** A person with the real engine, in one room: it must come through anything without being started again. */
export class SdkClient {
  readonly name: string;
  readonly #client: ParleyClient;
  readonly #person: Person;
  readonly #room: RoomHandle;
  readonly #unobserve: () => void;
  #timer: NodeJS.Timeout | undefined;
  #sent = 0;

  constructor(person: Person, room: string) {
    const ca = person.place.ca ?? '';
    const dispatcher = new Agent({ connect: { ca } });
    this.#person = person;
    this.name = person.username;
    this.#client = new ParleyClient({
      origin: person.place.origin,
      fetch: ((input, init) =>
        undiciFetch(
          input as string,
          { ...init, dispatcher } as Parameters<typeof undiciFetch>[1],
        )) as NonNullable<ClientOptions['fetch']>,
      connect: (url, protocol) => {
        const socket = new WebSocket(url, protocol, { ca });
        socket.on('error', () => undefined); // a close follows
        return socket as unknown as Socket;
      },
    });
    this.#room = this.#client.room(room);
    // A room nobody looks at would be unloaded.
    this.#unobserve = this.#room.timeline.subscribe(() => undefined);
  }

  get sent(): number {
    return this.#sent;
  }

  /** Signs in, opens the room, and says something every `interval` ms. */
  async start(interval: number): Promise<void> {
    const { username, password } = this.#person;
    await this.#client.login({ username, password });
    await this.#room.open();
    this.#timer = setInterval(() => {
      this.#sent += 1;
      this.#room.send(`${this.name} ${this.#sent}`);
    }, interval);
  }

  quiet(): void {
    clearInterval(this.#timer);
  }

  /** Sends that are not answered yet, or failed. */
  get waiting(): number {
    return this.#room.timeline.get().items.filter(({ pending }) => pending).length;
  }

  /** What is wrong with its view of the room as stored; undefined when it shows just that and nothing waits. */
  complaint(stored: readonly Stored[]): string | undefined {
    const { items } = this.#room.timeline.get();
    if (this.waiting > 0) return `${this.name}: ${this.waiting} sends still wait or failed`;
    const shown = items.flatMap(({ message }) => ('seq' in message ? [message] : []));
    const first = shown[0]?.seq ?? 0;
    const wanted = stored.filter(({ seq }) => seq >= first);
    const isEqual =
      wanted.length === shown.length &&
      wanted.every(({ seq, id }, i) => shown[i]?.seq === seq && shown[i]?.id === id);
    if (!isEqual) return `${this.name} shows ${shown.length} messages where ${wanted.length} are stored`;
    const own = stored.filter(({ sender }) => sender === this.#person.id).length;
    // The notice of the room's creation may be theirs.
    return own >= this.#sent ? undefined : `${this.name} sent ${this.#sent}, of which ${own} are stored`;
  }

  close(): void {
    this.quiet();
    this.#unobserve();
    this.#client.close();
  }
}
