import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { mongo } from 'mongoose';
import type { MessagePage, Room, ScheduledList } from '../../shared/wire/rest.ts';
import { PASSWORD, type Account, type ApiNode } from '../support/api-node.ts';
import { useScene } from '../support/scene.ts';

describe('scheduled messages of those who go', () => {
  let api: ApiNode;
  let ann: Account;
  let bob: Account;
  let room: string;
  let client: mongo.MongoClient;
  useScene((scene) => {
    ({ api, ann, bob } = scene);
    client = new mongo.MongoClient(scene.servers.mongodbUrl);
  });
  before(async () => {
    const body = { type: 'group', name: 'Leaving', members: [bob.id] };
    room = (await api.call<Room>('POST', '/rooms', { token: ann.token, body })).body.id;
  });
  after(() => client?.close());

  const until = async (isSo: () => Promise<boolean>): Promise<void> => {
    while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 50));
  };
  const add = (who: Account) =>
    api.call('POST', `/rooms/${room}/members`, { token: ann.token, body: { users: [who.id] } });
  const schedule = async ({ token }: Account, text: string, ms: number): Promise<void> => {
    const body = { clientId: randomUUID(), text, at: new Date(Date.now() + ms).toISOString() };
    expect((await api.call('POST', `/rooms/${room}/scheduled`, { token, body })).status).to.equal(201);
  };
  const failures = async ({ token }: Account) =>
    (await api.call<ScheduledList>('GET', '/scheduled', { token })).body.scheduled.map(
      ({ failed }) => failed,
    );
  const texts = async (): Promise<readonly string[]> => {
    const page = await api.call<MessagePage>('GET', `/rooms/${room}/messages`, { token: ann.token });
    return page.body.messages.filter(({ kind }) => kind === 'text').map(({ text }) => text);
  };
  const stored = ({ id }: Account): Promise<number> =>
    client
      .db()
      .collection('scheduled')
      .countDocuments({ user: new mongo.ObjectId(id) });

  it('say so where their writer was removed, and are not sent by themselves when they are back', async () => {
    await schedule(bob, 'by bob', 500);
    await api.call('DELETE', `/rooms/${room}/members/${bob.id}`, { token: ann.token });
    await until(async () => (await failures(bob))[0] !== undefined);
    await add(bob);
    await schedule(ann, 'after bob', 1_100);
    await until(async () => (await texts()).includes('after bob'));
    expect(await texts()).to.not.include('by bob');
  });

  it('are gone with an account that is deleted', async () => {
    const gone = await api.register('gone');
    await add(gone);
    await schedule(gone, 'by nobody', 1_000);
    expect(await stored(gone)).to.equal(1);
    const body = { password: PASSWORD };
    expect((await api.call('DELETE', '/users/me', { token: gone.token, body })).status).to.equal(204);
    await until(async () => (await stored(gone)) === 0);
    await schedule(ann, 'after nobody', 1_200);
    await until(async () => (await texts()).includes('after nobody'));
    expect(await texts()).to.not.include('by nobody');
  });
});
