import { expect } from 'chai';
import type { Scheduled } from '../../shared/wire/rest.ts';
import { useAbsence, type Absence } from '../support/absence.ts';
import { useCluster } from '../support/use-cluster.ts';

describe('a device whose network went and came: rooms, people and what is one’s own', function () {
  this.timeout(120_000);
  const on = useCluster();
  let scene: Absence;
  useAbsence(on, (created) => (scene = created));

  const later = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString();

  it('knows whom one blocked, and whom no longer', async () => {
    const { bob, cal, phone } = scene;
    await scene.ann.call('PUT', `/users/me/blocks/${cal.id}`);
    await phone.until(() => phone.client.own.blocked.get().size === 1);
    const list = await scene.away(async () => {
      await scene.ann.call('DELETE', `/users/me/blocks/${cal.id}`);
      await scene.ann.call('PUT', `/users/me/blocks/${bob.id}`);
      await scene.each((room) => scene.say(bob, room, 'unheard'));
    });
    expect([...phone.client.own.blocked.get()]).to.deep.equal([bob.id]);
    expect(scene.mine(list, 0).unread).to.equal(1);
  });

  it('knows what was scheduled, changed, taken back and sent', async () => {
    const { ann, rooms, phone } = scene;
    const schedule = (text: string) =>
      ann.call<Scheduled>('POST', `/rooms/${rooms[0]}/scheduled`, {
        clientId: crypto.randomUUID(),
        text,
        at: later(1),
      });
    const [changed, gone, sent] = [
      await schedule('to change'),
      await schedule('to go'),
      await schedule('to send'),
    ];
    await phone.until(() => phone.client.scheduled.get().length === 3);
    await scene.away(async () => {
      await scene.ann.call('PATCH', `/scheduled/${changed.id}`, { text: 'changed', at: later(2) });
      await scene.ann.call('DELETE', `/scheduled/${gone.id}`);
      await scene.ann.call('PATCH', `/scheduled/${sent.id}`, {
        at: new Date(Date.now() + 300).toISOString(),
      });
      await schedule('new');
      await phone.until(async () =>
        (await ann.history(rooms[0]!)).messages.some(({ text }) => text === 'to send'),
      );
    });
    expect(phone.client.scheduled.get().map(({ text }) => text)).to.deep.equal(['new', 'changed']);
  });

  it('knows roles that changed, one’s own and others’', async () => {
    const { ann, bob, cal } = scene;
    const list = await scene.away(() =>
      scene.each(async (room) => {
        await scene.by(bob, room, 'PATCH', `/members/${ann.id}`, { role: 'admin' });
        await scene.by(bob, room, 'PATCH', `/members/${cal.id}`, { role: 'admin' });
      }),
    );
    expect(list.map(({ me: { role } }) => role)).to.deep.equal(['admin', 'admin', 'admin']);
  });

  it('knows who left, was removed and came', async () => {
    const { ann, bob, cal, rooms, phone } = scene;
    const [dee] = await on.people('dee');
    await scene.away(() =>
      scene.each(async (room) => {
        await scene.by(bob, room, 'DELETE', `/members/${cal.id}`);
        await scene.by(bob, room, 'POST', '/members', { users: [dee!.id] });
      }),
    );
    expect(
      phone.client
        .room(rooms[0]!)
        .members.get()
        .map(({ user }) => user.id),
    ).to.have.members([ann.id, bob.id, dee!.id]);
  });

  it('is out of rooms one was removed from or that are gone, in those one was added to, and again where one came back', async () => {
    const { ann, bob, rooms, phone } = scene;
    let added = '';
    const list = await scene.away(async () => {
      await scene.by(bob, 0, 'DELETE', `/members/${ann.id}`);
      await scene.say(bob, 0, 'a secret');
      await scene.by(bob, 1, 'DELETE', `/members/${ann.id}`);
      await scene.say(bob, 1, 'history');
      await scene.by(bob, 1, 'POST', '/members', { users: [ann.id] });
      await scene.by(bob, 2, 'DELETE', '');
      added = (await bob.createRoom({ type: 'group', name: 'New', members: [ann.id] })).id;
      await bob.say(added, 'welcome');
    });
    expect(list.map(({ id }) => id)).to.deep.equal([added, rooms[1]]);
    expect(phone.client.room(rooms[0]!).timeline.get().items).to.deep.equal([]);
  });

  it('is where one joined, left and began a conversation elsewhere', async () => {
    const { ann, bob, cal, rooms } = scene;
    const open = (await bob.createRoom({ type: 'channel', name: `Open ${bob.username}` })).id;
    let dm = '';
    const list = await scene.away(async () => {
      await scene.ann.call('POST', `/rooms/${open}/join`);
      await scene.by(ann, 1, 'POST', '/leave');
      dm = (await ann.createRoom({ type: 'dm', user: cal.username })).id;
      await ann.say(dm, 'hello');
      const other = (await bob.createRoom({ type: 'dm', user: ann.username })).id;
      await bob.say(other, 'hello from me');
    });
    expect(list.map(({ id }) => id))
      .to.include.members([open, dm])
      .and.not.include(rooms[1]);
  });

  it('has one’s own settings of rooms', async () => {
    const { ann, phone } = scene;
    await scene.by(ann, 0, 'PATCH', '', { me: { favourite: true, notify: 'none' } });
    await phone.until(() => phone.client.rooms.get().some(({ me: { notify } }) => notify === 'none'));
    await scene.away(async () => {
      await scene.by(ann, 0, 'PATCH', '', { me: { favourite: false, notify: 'all', mutedUntil: later(1) } });
      await scene.by(ann, 1, 'PATCH', '', { me: { archived: true } });
      await scene.by(ann, 2, 'PATCH', '', { me: { favourite: true, notify: 'mentions' } });
    });
  });

  it('has the drafts of rooms and threads, and not those that ended', async () => {
    const { ann, said, phone } = scene;
    const draft = (room: number, text: string, thread?: number) =>
      scene.by(ann, room, 'PUT', '/draft', { text, ...(thread === undefined ? {} : { thread }) });
    await draft(0, 'begun');
    await draft(0, 'in the thread', said[0]!.root);
    await phone.until(() => phone.client.drafts.get().size === 2);
    await scene.away(async () => {
      await draft(0, '');
      await draft(0, 'more in the thread', said[0]!.root);
      await draft(1, 'new');
    });
    expect(phone.client.drafts.get().size).to.equal(3);
  });

  it('has the names and topics of rooms', async () => {
    const { bob } = scene;
    await scene.away(() =>
      scene.each(async (room) => {
        await scene.by(bob, room, 'PATCH', '', { name: `Other ${room} ${bob.username}`, topic: 'News' });
        await scene.by(bob, room, 'PATCH', '', { public: false });
      }),
    );
  });

  it('has all of that though the first call for each comes to nothing', async () => {
    const { ann, bob, cal, rooms, phone } = scene;
    await scene.by(ann, 0, 'PUT', '/draft', { text: 'begun' });
    await ann.call('PUT', `/users/me/blocks/${cal.id}`);
    await phone.until(() => phone.client.own.blocked.get().size === 1);
    const paths = ['/rooms', '/drafts', '/scheduled', '/users/me/blocks', '/threads'];
    await scene.away(
      async () => {
        await ann.call('DELETE', `/users/me/blocks/${cal.id}`);
        await scene.by(ann, 0, 'PUT', '/draft', { text: '' });
        await scene.by(ann, 1, 'PUT', '/draft', { text: 'new' });
        const message = { clientId: 'later', text: 'later', at: later(1) };
        await scene.by(ann, 0, 'POST', '/scheduled', message);
        await scene.by(ann, 0, 'PATCH', '', { me: { favourite: true } });
        await scene.by(bob, 2, 'PATCH', '', { topic: 'News' });
        await scene.each((room) => scene.reply(bob, room, 'one more'));
      },
      paths.map((path) => `/api/v1${path}`),
    );
    expect(phone.client.drafts.get().get(rooms[1]!)?.text).to.equal('new');
  });
});
