/** A device of somebody's that loses its network and gets it back, and what happens meanwhile. */
import { randomUUID } from 'node:crypto';
import type { Message, Room } from '../../shared/wire/rest.ts';
import type { Person } from './person.ts';
import { SdkDevice } from './sdk-device.ts';
import type { Ground } from './use-cluster.ts';
import { differences, lookAt, lookAtAll, visibleOn, type OpenThreads } from './visible.ts';

/** ms until a device whose network is back shows what there is. */
const PATIENCE = 20_000;

/** Of one room, by seq: what bob and ann said, what names ann, and a root of bob's that ann replied to. */
interface Said {
  readonly bobs: number;
  readonly anns: number;
  readonly names: number;
  readonly root: number;
}

/** Ann's phone, in three rooms that bob owns and cal is in: one looked at, one opened before, one only listed. */
export class Absence {
  readonly ann: Person;
  readonly bob: Person;
  readonly cal: Person;
  readonly rooms: string[] = [];
  readonly said: Said[] = [];
  readonly phone: SdkDevice;

  private constructor([ann, bob, cal]: readonly [Person, Person, Person]) {
    this.ann = ann;
    this.bob = bob;
    this.cal = cal;
    this.phone = new SdkDevice(ann);
  }

  static async create(on: Ground): Promise<Absence> {
    const scene = new Absence(await on.people('ann', 'bob', 'cal'));
    for (const name of ['Rowing', 'Sailing', 'Diving']) await scene.#furnish(name);
    await scene.phone.start();
    (await scene.#open(1))();
    await scene.#open(0);
    return scene;
  }

  /** Of the nth room. */
  by(who: Person, room: number, method: string, path: string, body?: unknown): Promise<unknown> {
    return who.call(method, `/rooms/${this.rooms[room]}${path}`, body);
  }

  say(who: Person, room: number, text: string): Promise<Message> {
    return who.say(this.rooms[room] ?? '', text);
  }

  reply(who: Person, room: number, text: string): Promise<Message> {
    const body = { clientId: randomUUID(), text, thread: this.said[room]?.root };
    return who.call<Message>('POST', `/rooms/${this.rooms[room]}/messages`, body);
  }

  /** What stands of ann in a list for the nth room. */
  mine(list: readonly Room[], room: number): Room['me'] {
    const found = list.find(({ id }) => id === this.rooms[room]);
    if (found === undefined) throw new Error(`room ${room} is not in the list`);
    return found.me;
  }

  /** In each room. */
  async each(act: (room: number, said: Said) => Promise<unknown>): Promise<void> {
    for (const [room, said] of this.said.entries()) await act(room, said);
  }

  /**
   * What `meanwhile` did is there afterwards, as on a device that has just been signed in: of what is looked at and of lists by
   * itself, of other conversations once they are opened. Gives the list. `failing`: paths whose first call fails after that.
   */
  async away(meanwhile: () => Promise<unknown>, failing: readonly string[] = []): Promise<readonly Room[]> {
    const { phone } = this;
    phone.cut();
    await meanwhile();
    phone.heal(failing);
    const fresh = await new SdkDevice(this.ann).start();
    try {
      await lookAtAll(fresh, this.#threads, new Set());
      await phone.until(() => phone.client.connection.get().name === 'online');
      await this.#agree(fresh);
      return fresh.client.rooms.get();
    } finally {
      fresh.close();
    }
  }

  async #agree(fresh: SdkDevice): Promise<void> {
    const looked = new Set(this.rooms.slice(0, 1));
    for (const end = performance.now() + PATIENCE; ;) {
      await lookAtAll(this.phone, this.#threads, looked);
      const wrong = differences(visibleOn(this.phone, this.#threads), visibleOn(fresh, this.#threads));
      if (wrong.length === 0) return;
      if (performance.now() > end) throw new Error(`it shows\n${wrong.join('\n')}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  get #threads(): OpenThreads {
    return Object.fromEntries(this.rooms.map((id, i) => [id, [this.said[i]?.root ?? 0]]));
  }

  #open(room: number): Promise<() => void> {
    return lookAt(this.phone.client.room(this.rooms[room] ?? ''), [this.said[room]?.root ?? 0]);
  }

  async #furnish(name: string): Promise<void> {
    const { ann, bob, cal, rooms, said } = this;
    const members = [ann.id, cal.id];
    const room = rooms.length;
    rooms.push((await bob.createRoom({ type: 'channel', name: `${name} ${bob.username}`, members })).id);
    const { seq: bobs } = await this.say(bob, room, 'by bob');
    const { seq: root } = await this.say(bob, room, 'a root');
    said.push({ bobs, root, anns: 0, names: 0 });
    await this.reply(ann, room, 'a reply');
    const { seq: anns } = await this.say(ann, room, 'by ann');
    await this.by(cal, room, 'PUT', `/messages/${bobs}/reactions/${encodeURIComponent('👍')}`);
    await this.by(bob, room, 'PUT', `/messages/${bobs}/pin`);
    const { seq: names } = await this.say(cal, room, `you, @${ann.username}`);
    said[room] = { bobs, root, anns, names };
  }
}

/** Call inside `describe`: gives a scene of its own for each test to `take`. */
export function useAbsence(on: Ground, take: (scene: Absence) => unknown): void {
  let scene: Absence | undefined;
  beforeEach(async () => {
    scene = await Absence.create(on);
    take(scene);
  });
  afterEach(() => {
    scene?.phone.close();
    scene = undefined;
  });
}
