/** The fake server with clients of it, closed together. */
import { WebSocket } from 'ws';
import { ParleyClient } from '../../../shared/sdk/index.ts';
import type { ClientOptions, Observable, RoomHandle, Socket, Timing } from '../../../shared/sdk/index.ts';
import type { UserSummary } from '../../../shared/wire/rest.ts';
import type { FakeRoom } from '../../support/fake-rooms.ts';
import { FakeServer } from '../../support/fake-server.ts';

/** Waits short enough for tests, long enough to tell apart. */
const TIMING: Partial<Timing> = {
  ack: 150,
  restFallback: 100,
  repairDelay: 30,
  repairRetry: 10,
  repairRetryMax: 20,
  refreshDelay: 10,
  namesSpread: 5,
  namesGather: 5,
  gotInterval: 5,
  readInterval: 5,
  typingDuration: 60,
};

/** Of a client that takes a busy machine neither for a lost answer nor for a lost network: where sends are counted. */
export const PATIENT: Partial<Timing> = { ack: 60_000, restFallback: 60_000 };

export class World {
  readonly server = new FakeServer();
  readonly #clients: ParleyClient[] = [];
  #origin = '';

  async open(): Promise<void> {
    this.#origin = await this.server.listen();
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.close();
    await this.server.close();
  }

  client(options: Partial<ClientOptions> = {}): ParleyClient {
    const client = new ParleyClient({
      origin: this.#origin,
      connect: (url, protocol) => new WebSocket(url, protocol) as unknown as Socket,
      // Without jitter: a wait the server did not ask for is none.
      random: () => 0,
      ...options,
      timing: { ...TIMING, ...options.timing },
    });
    this.#clients.push(client);
    return client;
  }

  /** A client signed in and online. */
  async online(username: string, options: Partial<ClientOptions> = {}): Promise<ParleyClient> {
    const client = this.client(options);
    await client.login({ username, password: 'secret-1' });
    await isOnline(client);
    await until(client.roomsLoaded, (loaded) => loaded);
    return client;
  }
}

export const isOnline = (client: ParleyClient): Promise<unknown> =>
  until(client.connection, ({ name }) => name === 'online');

/** Resolves with the first value that satisfies; the test's own time limit ends a wait in vain. */
export function until<T>(observable: Observable<T>, satisfies: (value: T) => boolean): Promise<T> {
  return new Promise((resolve) => {
    const present = observable.get();
    if (satisfies(present)) {
      resolve(present);
      return;
    }
    const stop = observable.subscribe((value) => {
      if (!satisfies(value)) return;
      stop();
      resolve(value);
    });
  });
}

export const texts = (room: RoomHandle): string[] =>
  room.timeline.get().items.map((item) => item.message.text);

export const shows = (room: RoomHandle, expected: readonly string[]): Promise<unknown> =>
  until(room.timeline, () => JSON.stringify(texts(room)) === JSON.stringify(expected));

export const states = (room: RoomHandle): (string | undefined)[] =>
  room.timeline.get().items.map((item) => item.state?.name);

/** ms: longer than any test may take; a wait in vain must not outlive its test for long. */
const IN_VAIN = 30_000;

/** Checks again after each turn of the event loop, for what no observable tells. */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + IN_VAIN;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error('it never held');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** A world of its own for each test of the suite that calls it, in which Ada and Bob are in the room “plans”. */
export function usePlans(
  take: (scene: {
    readonly world: World;
    readonly ada: UserSummary;
    readonly bob: UserSummary;
    readonly room: FakeRoom;
  }) => unknown,
): void {
  let world: World;
  beforeEach(async () => {
    world = new World();
    await world.open();
    const [ada, bob] = [world.server.addUser('ada'), world.server.addUser('bob')];
    take({ world, ada, bob, room: world.server.addRoom('plans', [ada, bob]) });
  });
  afterEach(() => world.close());
}
