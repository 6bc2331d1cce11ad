import { memoryRoomCache, memoryStorage } from '../../../shared/sdk/index.ts';
import type { ClientOptions, ParleyClient } from '../../../shared/sdk/index.ts';
import { eventually, isOnline, type World } from './world.ts';

const TIMING = { keepDelay: 1, aheadDelay: 1, aheadInterval: 1 };

/** Ada's visits one after another, on a device that keeps what it saw; the server may be away meanwhile. */
export class Visits {
  readonly storage = memoryStorage();
  readonly cache = memoryRoomCache();
  isAway = false;
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
    world.server.onCall = () =>
      this.isAway ? { status: 503, code: 'unavailable', retryAfter: 0.05 } : undefined;
  }

  /** One in which she signs in. */
  begin(): Promise<ParleyClient> {
    return this.#world.online('ada', this.#device());
  }

  /** One that goes on with what the last left, and has not read it yet. */
  resume(options: Partial<ClientOptions> = {}): ParleyClient {
    const client = this.#world.client({ ...this.#device(), ...options });
    void client.restore();
    return client;
  }

  /** The same, once that was read. */
  async again(): Promise<ParleyClient> {
    const client = this.resume();
    await eventually(() => client.auth.get().name !== 'restoring' || client.rooms.get().length > 0);
    return client;
  }

  /** The server is back, and `client` tries at once. */
  async comeBack(client: ParleyClient): Promise<void> {
    this.isAway = false;
    client.wake();
    await isOnline(client);
  }

  #device(): Partial<ClientOptions> {
    return { storage: this.storage, cache: this.cache, timing: TIMING };
  }
}
