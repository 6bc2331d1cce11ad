import { expect } from 'chai';
import type { Arrival, ParleyClient } from '../../../shared/sdk/index.ts';
import { Arrivals } from '../../../shared/sdk/arrivals.ts';
import type { Message, Room, UserSummary } from '../../../shared/wire/rest.ts';
import type { FakeRoom } from '../../support/fake-rooms.ts';
import { eventually, isOnline, shows, until, usePlans, type World } from './world.ts';

describe('what is new to a client', () => {
  let world: World;
  let ada: UserSummary;
  let bob: UserSummary;
  let room: FakeRoom;
  usePlans((scene) => ({ world, ada, bob, room } = scene));

  const listen = (client: ParleyClient): Arrival[] => {
    const heard: Arrival[] = [];
    client.onArrival((arrival) => heard.push(arrival));
    return heard;
  };
  const seqs = (heard: readonly Arrival[]): number[] =>
    heard.flatMap(({ messages }) => messages.map(({ seq }) => seq));
  async function away(client: ParleyClient, happen: () => void): Promise<void> {
    world.server.drop(1006);
    await until(client.connection, ({ name }) => name === 'waiting');
    happen();
    client.wake();
    await isOnline(client);
  }
  const say = (text: string, fields: Partial<Message> = {}): void => {
    room.post(bob, `c${room.head}`, text, fields);
  };

  it('is nothing of what was there, and each message that comes, once and in order', async () => {
    world.server.post(room, bob, 'before');
    const client = await world.online('ada');
    const heard = listen(client);
    world.server.onFrame = (frame) => (frame.type === 'message' ? 2 : 1);
    for (const text of ['one', 'two']) world.server.post(room, bob, text);
    await eventually(() => heard.length > 1);
    await client.room(room.id).open();
    expect(seqs(heard)).to.deep.equal([2, 3]);
  });

  for (const isOpen of [true, false])
    it(`is everything that came during an absence, of a room that is ${isOpen ? 'open' : 'only listed'}`, async () => {
      const client = await world.online('ada');
      const handle = client.room(room.id);
      if (isOpen) await handle.open();
      const heard = listen(client);
      await away(client, () => {
        say('Ada?', { mentions: [ada.id] });
        say('plain');
      });
      await eventually(() => seqs(heard).length === 2);
      await away(client, () => undefined);
      expect(seqs(heard)).to.deep.equal([1, 2]);
    });

  it('is in the order of the room where frames overtake each other, also while it is opened', async () => {
    const client = await world.online('ada');
    const heard = listen(client);
    const opened = client.room(room.id).open();
    const entries = ['one', 'two', 'three'].map((text) => room.post(bob, text, text).message);
    for (const message of entries.toReversed()) world.server.publish(room, { type: 'message', ...message });
    await opened;
    await shows(client.room(room.id), ['one', 'two', 'three']);
    expect(seqs(heard)).to.deep.equal([1, 2, 3]);
  });

  it('is read from the log where a room that is open missed too much to be replayed', async () => {
    world.server.replayLimit = 1;
    const client = await world.online('ada');
    const handle = client.room(room.id);
    await handle.open();
    const heard = listen(client);
    await away(client, () => {
      for (const text of ['one', 'two', 'three']) say(text);
    });
    await shows(handle, ['one', 'two', 'three']);
    expect(seqs(heard)).to.deep.equal([1, 2, 3]);
  });

  it('is the last message, and how many name one, of a listed room that missed too much', async () => {
    world.server.replayLimit = 1;
    const client = await world.online('ada');
    const heard = listen(client);
    await away(client, () => {
      say('Ada?', { mentions: [ada.id] });
      for (const text of ['two', 'three']) say(text);
    });
    await eventually(() => heard.length > 0);
    expect(heard.map(({ messages, mentions }) => [messages.map(({ seq }) => seq), mentions])).to.deep.equal([
      [[3], 1],
    ]);
  });

  it('is the first message of a room that begins with it', () => {
    const heard: number[] = [];
    const arrivals = new Arrivals(({ messages }) => heard.push(...messages.map(({ seq }) => seq)));
    arrivals.hear({ seq: 1 } as Message);
    arrivals.advance(1, []);
    arrivals.adopt({ head: 1, lastMessage: { seq: 1 }, me: { mentions: 0 } } as Room);
    expect(heard).to.deep.equal([1]);
  });
});
