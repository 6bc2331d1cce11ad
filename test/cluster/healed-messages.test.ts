import { expect } from 'chai';
import type { Room } from '../../shared/wire/rest.ts';
import { useAbsence, type Absence } from '../support/absence.ts';
import type { Person } from '../support/person.ts';
import { useCluster } from '../support/use-cluster.ts';

describe('a device whose network went and came: what was said', function () {
  this.timeout(120_000);
  const on = useCluster();
  let scene: Absence;
  useAbsence(on, (created) => (scene = created));

  it('shows reactions given and taken back', async () => {
    const { ann, bob, cal } = scene;
    await scene.away(() =>
      scene.each(async (room, { bobs, anns, root }) => {
        const at = (seq: number) => `/messages/${seq}/reactions/${encodeURIComponent('👍')}`;
        await scene.by(cal, room, 'DELETE', at(bobs));
        await scene.by(bob, room, 'PUT', at(anns));
        await scene.by(ann, room, 'PUT', at(root));
      }),
    );
  });

  it('shows texts as they were edited', async () => {
    const { ann, bob, cal } = scene;
    const list = await scene.away(() =>
      scene.each(async (room, { bobs, names, root, anns }) => {
        const edit = (who: Person, seq: number, text: string) =>
          scene.by(who, room, 'PATCH', `/messages/${seq}`, { text });
        await edit(bob, bobs, `now it names @${ann.username}`);
        await edit(cal, names, 'nobody any more');
        await edit(bob, root, 'another root');
        await edit(ann, anns, 'by ann herself');
      }),
    );
    expect(list.map(({ me: { mentions } }) => mentions)).to.deep.equal([1, 1, 1]);
  });

  it('shows what was deleted as deleted', async () => {
    const { bob, cal } = scene;
    const list = await scene.away(() =>
      scene.each(async (room, { bobs, names, root }) => {
        for (const seq of [bobs, root]) await scene.by(bob, room, 'DELETE', `/messages/${seq}`);
        await scene.by(cal, room, 'DELETE', `/messages/${names}`);
      }),
    );
    expect(list.map(({ me: { unread, mentions } }) => [unread, mentions])).to.deep.equal([
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
  });

  it('shows pins set and taken away', async () => {
    const { bob } = scene;
    await scene.away(() =>
      scene.each(async (room, { bobs, anns }) => {
        await scene.by(bob, room, 'DELETE', `/messages/${bobs}/pin`);
        await scene.by(bob, room, 'PUT', `/messages/${anns}/pin`);
      }),
    );
  });

  it('shows how far others have read', async () => {
    const { bob, cal, rooms, phone } = scene;
    await scene.away(() =>
      scene.each(async (room, { names }) => {
        await scene.by(bob, room, 'POST', '/read', { seq: names });
        await scene.by(cal, room, 'POST', '/read', { seq: names });
      }),
    );
    const [own] = phone.client
      .room(rooms[0]!)
      .timeline.get()
      .items.filter(({ message }) => message.text === 'by ann');
    expect(own?.state).to.deep.equal({ name: 'read' });
  });

  it('counts as the server does what was read elsewhere, marked unread and said since', async () => {
    const { ann, bob, rooms, said, phone } = scene;
    const list = await scene.away(async () => {
      await scene.each((room, { names }) => scene.by(ann, room, 'POST', '/read', { seq: names }));
      await phone.until(
        async () => (await ann.call<Room>('GET', `/rooms/${rooms[1]}`)).me.readSeq > said[1]!.bobs,
      );
      await scene.each((room) => scene.say(bob, room, `again, @${ann.username}`));
      await scene.by(ann, 1, 'POST', '/unread', { seq: said[1]!.bobs });
      const { seq } = await scene.say(bob, 2, 'read as well');
      await scene.by(ann, 2, 'POST', '/read', { seq });
    });
    const counts = rooms.map((_, room) => [scene.mine(list, room).unread, scene.mine(list, room).mentions]);
    expect(counts).to.deep.equal([
      [1, 1],
      [4, 2],
      [0, 0],
    ]);
  });

  it('has replies in threads one follows, read elsewhere or not, and follows no other', async () => {
    const { ann, bob, cal, rooms, said, phone } = scene;
    const other: number[] = [];
    for (const room of rooms) other.push((await cal.say(room, 'another root')).seq);
    await scene.by(ann, 2, 'PUT', `/threads/${other[2]}/follow`);
    await phone.until(() => phone.client.threads.get().length === 4);
    await scene.away(async () => {
      await scene.each((room) => scene.reply(bob, room, 'one more'));
      const { seq } = await scene.reply(bob, 1, 'read elsewhere');
      await scene.by(ann, 1, 'POST', `/threads/${said[1]!.root}/read`, { seq });
      await scene.by(ann, 0, 'PUT', `/threads/${other[0]}/follow`);
      await scene.by(ann, 2, 'DELETE', `/threads/${other[2]}/follow`);
      await scene.reply(cal, 0, 'and one');
    });
    expect(
      phone.client.threads
        .get()
        .map(({ unread }) => unread)
        .sort(),
    ).to.deep.equal([0, 0, 1, 2]);
  });

  it('has the list in the order of what was said last', async () => {
    const { bob, rooms } = scene;
    for (const order of [
      [2, 0, 1],
      [0, 1, 2],
      [1, 2, 0],
    ]) {
      const list = await scene.away(async () => {
        for (const room of order.toReversed()) await scene.say(bob, room, 'news');
      });
      expect(list.map(({ id }) => rooms.indexOf(id))).to.deep.equal(order);
    }
  });

  it('has all of it after more than a gateway replays', async () => {
    const { ann, bob, cal } = scene;
    await scene.away(async () => {
      await scene.each(async (room, { bobs, anns, names }) => {
        for (let i = 0; i < 7; i++)
          await Promise.all(Array.from({ length: 32 }, (_, n) => scene.say(bob, room, `${i} ${n}`)));
        await scene.by(bob, room, 'PATCH', `/messages/${bobs}`, { text: 'edited' });
        await scene.by(bob, room, 'PUT', `/messages/${anns}/pin`);
        await scene.by(cal, room, 'DELETE', `/messages/${names}`);
        await scene.reply(bob, room, 'far below');
      });
      await scene.say(ann, 1, 'by ann, elsewhere');
    });
  });
});
