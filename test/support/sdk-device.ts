import { Agent, fetch as undiciFetch } from 'undici';
import { WebSocket } from 'ws';
import { ParleyClient, type ClientOptions, type Socket } from '../../shared/sdk/index.ts';
import type { Person } from './person.ts';

/** One device of a person, with the real engine and a network that a test can take away. */
export class SdkDevice {
  readonly client: ParleyClient;
  readonly #person: Person;
  readonly #sockets = new Set<WebSocket>();
  #isCut = false;
  readonly #failing = new Set<string>();

  constructor(person: Person) {
    const ca = person.place.ca ?? '';
    const dispatcher = new Agent({ connect: { ca } });
    this.#person = person;
    this.client = new ParleyClient({
      origin: person.place.origin,
      fetch: ((input, init) =>
        this.#isCut || this.#failing.delete(new URL(input as string).pathname)
          ? Promise.reject(new TypeError('no network'))
          : undiciFetch(
              input as string,
              { ...init, dispatcher } as Parameters<typeof undiciFetch>[1],
            )) as NonNullable<ClientOptions['fetch']>,
      connect: (url, protocol) => {
        if (this.#isCut) throw new Error('no network');
        const socket = new WebSocket(url, protocol, { ca });
        socket.on('error', () => undefined); // a close follows
        socket.on('close', () => this.#sockets.delete(socket));
        this.#sockets.add(socket);
        return socket as unknown as Socket;
      },
    });
  }

  /** Signed in, connected, with the list of rooms. */
  async start(): Promise<this> {
    const { username, password } = this.#person;
    await this.client.login({ username, password });
    await this.until(() => this.client.connection.get().name === 'online' && this.client.roomsLoaded.get());
    return this;
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.terminate();
  }
  /** `failing`: paths whose next call comes to nothing yet. */
  heal(failing: readonly string[] = []): void {
    this.#isCut = false;
    for (const path of failing) this.#failing.add(path);
    this.client.wake();
  }

  /** Resolves once the condition holds; mocha's timeout is the end of patience. */
  async until(condition: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 50));
  }

  close(): void {
    this.client.close();
  }
}
