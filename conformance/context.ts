import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Http } from './client/http.ts';
import { Socket, type SocketOptions } from './client/socket.ts';
import type { Frame, MyRoom } from './client/types.ts';
import { User } from './client/user.ts';
import type { Observer } from './contract/observer.ts';
import { expectEqual, Mismatch, Skip } from './expect.ts';

/** Where the Parley under test is. */
export interface Place {
  /** wss://host:port */
  readonly url: string;
  readonly ca: string | undefined;
  readonly http: Http;
  readonly observer: Observer;
}
/** Three users that one check at a time has for itself. */
export interface Cast {
  readonly ann: User;
  readonly bob: User;
  readonly carl: User;
}
export interface Connected {
  readonly socket: Socket;
  readonly ready: Frame<'ready'>;
}

/** What a check works with. Its sockets end with it. */
export class Context {
  readonly place: Place;
  readonly ann: User;
  readonly bob: User;
  readonly carl: User;
  readonly #sockets: Socket[] = [];

  constructor(place: Place, { ann, bob, carl }: Cast) {
    this.place = place;
    this.ann = ann;
    this.bob = bob;
    this.carl = carl;
  }

  get http(): Http {
    return this.place.http;
  }

  /** A user of its own, for checks that use one up. */
  fresh(prefix = 'guest'): Promise<User> {
    return User.register(this.http, prefix);
  }

  /** A new private group of Ann's, with Bob unless others are named. Carl is never in it. */
  room(members: readonly User[] = [this.bob], more: object = {}): Promise<MyRoom> {
    const ids = members.map(({ id }) => id);
    return this.ann.must('POST', '/rooms', { type: 'group', name: 'Conformance', members: ids, ...more });
  }

  /** A socket whose upgrade is under way. */
  open(options: Pick<SocketOptions, 'protocols' | 'headers'> = {}): Socket {
    const { url, ca, observer } = this.place;
    const socket = new Socket({ url: `${url}/ws`, ca, observer, ...options });
    this.#sockets.push(socket);
    return socket;
  }

  /** A socket that is ready. */
  async connect(user: User | { readonly token: string }, rooms?: Record<string, number>): Promise<Connected> {
    const socket = this.open();
    return { socket, ready: await socket.hello(user.token, rooms) };
  }

  /** The sockets of several users, ready. */
  sockets(...users: readonly User[]): Promise<Socket[]> {
    return Promise.all(users.map(async (user) => (await this.connect(user)).socket));
  }

  /** Asks again until `probe` gives something. */
  async until<T>(expected: string, withinMs: number, probe: () => Promise<T | undefined>): Promise<T> {
    const end = performance.now() + withinMs;
    for (;;) {
      const found = await probe();
      if (found !== undefined) return found;
      if (performance.now() > end)
        throw new Mismatch(`${expected} within ${withinMs} ms`, 'it did not happen');
      await sleep(100);
    }
  }

  skip(reason: string): never {
    throw new Skip(reason);
  }

  id(): string {
    return randomUUID();
  }

  /** Gives what was wrong with any frame; to be called once the check is over. */
  end(): void {
    const wrong = this.#sockets.flatMap(({ complaints }) => complaints);
    for (const socket of this.#sockets) socket.terminate();
    expectEqual(wrong.slice(0, 3), [], 'every frame to be as asyncapi.yaml says, complaints');
  }
}
