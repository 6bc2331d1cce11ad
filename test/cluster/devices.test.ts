import { isDeepStrictEqual } from 'node:util';
import type { Room, RoomMe } from '../../shared/wire/rest.ts';
import type { Person } from '../support/person.ts';
import { SdkDevice } from '../support/sdk-device.ts';
import { useCluster } from '../support/use-cluster.ts';

type Seen = Readonly<Record<string, Partial<RoomMe>>>;

describe('two devices of one person', function () {
  this.timeout(120_000);
  const on = useCluster();
  let ann: Person;
  let bob: Person;
  let rooms: string[];
  let desk: SdkDevice;
  let phone: SdkDevice;

  /** What the person sees of their rooms: badges, cursors and settings, by name. */
  const seen = (list: readonly Room[]): Seen =>
    Object.fromEntries(
      list.map(({ name, me }) => [
        name ?? '',
        {
          unread: me.unread,
          mentions: me.mentions,
          readSeq: me.readSeq,
          notify: me.notify,
          favourite: me.favourite,
          archivedSeq: me.archivedSeq ?? 0,
          mutedUntil: me.mutedUntil ?? '',
        },
      ]),
    );
  /** Waits until both devices and the server say the same, and `like` of the rooms named in it. */
  async function agree(like: Seen): Promise<void> {
    for (const end = performance.now() + 60_000; ;) {
      const server = (await ann.call<{ rooms: Room[] }>('GET', '/rooms')).rooms;
      const said = [desk.client.rooms.get(), phone.client.rooms.get(), server].map(seen);
      const isLike = Object.entries(like).every(([name, me]) =>
        isDeepStrictEqual({ ...said[0]?.[name], ...me }, said[0]?.[name]),
      );
      if (isLike && said.every((one) => isDeepStrictEqual(one, said[0]))) return;
      if (performance.now() > end)
        throw new Error(
          `desk, phone and server say ${JSON.stringify(said, null, 1)}, not ${JSON.stringify(like)}`,
        );
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  const say = async (room: number, ...texts: string[]): Promise<number> => {
    let seq = 0;
    for (const text of texts) ({ seq } = await bob.say(rooms[room] ?? '', text));
    return seq;
  };
  const roomOn = (device: SdkDevice, room: number) => device.client.room(rooms[room] ?? '');

  beforeEach(async () => {
    [ann, bob] = await on.people('ann', 'bob');
    rooms = [];
    for (const name of ['Rowing', 'Sailing', 'Diving', 'Fishing'])
      rooms.push((await bob.createRoom({ type: 'group', name, members: [ann.id] })).id);
    [desk, phone] = await Promise.all([new SdkDevice(ann).start(), new SdkDevice(ann).start()]);
  });
  afterEach(() => {
    desk?.close();
    phone?.close();
  });

  it('agree on badges while both are there', async () => {
    await say(0, 'one', `two @${ann.username}`, 'three');
    const last = await say(1, 'a', 'b @room');
    await agree({ Rowing: { unread: 3, mentions: 1 }, Sailing: { unread: 2, mentions: 1 } });
    roomOn(phone, 1).markRead(last);
    await agree({ Rowing: { unread: 3, mentions: 1 }, Sailing: { unread: 0, mentions: 0 } });
    await desk.client.own.markUnread(rooms[1] ?? '');
    await agree({ Sailing: { unread: 1 } });
  });

  it('agree after one was away while the other read, marked unread, muted, archived, and was named', async () => {
    const read = await say(0, 'read this', 'and this');
    await say(1, 'waiting');
    await agree({ Rowing: { unread: 2 }, Sailing: { unread: 1 } });
    phone.cut();

    roomOn(desk, 0).markRead(read);
    await desk.until(() =>
      desk.client.rooms.get().some(({ name, me }) => name === 'Rowing' && me.unread === 0),
    );
    const last = await say(1, `you, @${ann.username}`, 'more');
    const gone = await bob.say(rooms[1] ?? '', `not you, @${ann.username}`);
    await bob.call('DELETE', `/rooms/${rooms[1]}/messages/${gone.seq}`);
    const named = await bob.say(rooms[1] ?? '', 'nobody yet');
    await bob.call('PATCH', `/rooms/${rooms[1]}/messages/${named.seq}`, {
      text: `@${ann.username} after all`,
    });
    const all = await say(2, 'x', 'y');
    roomOn(desk, 2).markRead(all);
    await desk.client.own.markUnread(rooms[2] ?? '');
    await roomOn(desk, 3).update({ me: { mutedUntil: new Date(Date.now() + 3_600_000).toISOString() } });
    await roomOn(desk, 3).update({ me: { archived: true, favourite: true } });
    await roomOn(desk, 0).update({ me: { notify: 'mentions' } });
    phone.heal();

    await agree({
      Rowing: { unread: 0, mentions: 0, notify: 'mentions' },
      Sailing: { unread: 4, mentions: 2 },
      Diving: { unread: 1 },
      Fishing: { favourite: true },
    });
    roomOn(phone, 1).markRead(last);
    await agree({ Sailing: { unread: 1, mentions: 1 } });
  });

  it('agree after one was away with the room open, and after both were', async () => {
    const handle = roomOn(phone, 0);
    const stop = handle.timeline.subscribe(() => undefined);
    await handle.open();
    await say(0, 'one');
    await agree({ Rowing: { unread: 1 } });
    phone.cut();
    const two = await say(0, `two @${ann.username}`);
    await desk.until(() =>
      desk.client.rooms.get().some(({ name, me }) => name === 'Rowing' && me.mentions === 1),
    );
    roomOn(desk, 0).markRead(two);
    await desk.until(async () => {
      const { me } = await ann.call<Room>('GET', `/rooms/${rooms[0]}`);
      return me.readSeq === two;
    });
    desk.cut();
    await say(0, 'three', `four @${ann.username}`);
    await say(3, 'anybody there?');
    desk.heal();
    phone.heal();
    await agree({ Rowing: { unread: 2, mentions: 1 }, Fishing: { unread: 1 } });
    stop();
  });

  it('agree on what was read on the one that had no network', async () => {
    const last = await say(0, 'one', 'two');
    await agree({ Rowing: { unread: 2 } });
    phone.cut();
    roomOn(phone, 0).markRead(last);
    await say(0, 'three');
    phone.heal();
    await agree({ Rowing: { unread: 1, readSeq: last } });
  });
});
