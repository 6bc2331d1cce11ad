import { expect } from 'chai';
import { Agent, fetch as undiciFetch } from 'undici';
import { WebSocket } from 'ws';
import { ParleyClient, type RoomHandle, type Socket } from '../../shared/sdk/index.ts';
import type { Message } from '../../shared/wire/rest.ts';
import { useCluster } from '../support/use-cluster.ts';

describe('Changes by the SDK on a cluster', function () {
  this.timeout(180_000);
  const on = useCluster();
  const clients: ParleyClient[] = [];

  after(() => {
    for (const client of clients) client.close();
  });

  async function signIn(who: { username: string; password: string }, room: string): Promise<RoomHandle> {
    const ca = on.parley.place.ca ?? '';
    const dispatcher = new Agent({ connect: { ca } });
    const client = new ParleyClient({
      origin: on.parley.place.origin,
      fetch: (input, init) =>
        undiciFetch(input as string, { ...init, dispatcher } as object) as unknown as Promise<Response>,
      connect: (url, protocol) => new WebSocket(url, protocol, { ca }) as unknown as Socket,
    });
    clients.push(client);
    await client.login({ username: who.username, password: who.password });
    const handle = client.room(room);
    await handle.open();
    return handle;
  }

  const shows = (handle: RoomHandle, seq: number, satisfies: (message: Message) => boolean): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        const messages = handle.timeline
          .get()
          .items.flatMap(({ message }) => ('seq' in message ? message : []));
        const found = messages.find((message) => message.seq === seq);
        if (found === undefined || !satisfies(found)) return;
        stop();
        resolve();
      };
      const stop = handle.timeline.subscribe(check);
      queueMicrotask(check);
    });

  it('an edit, a reaction and a deletion reach the other member, and the deleted no longer counts', async function () {
    this.timeout(30_000);
    const ann = await on.parley.register('ann-changes');
    const bob = await on.parley.register('bob-changes');
    const room = (await ann.createRoom({ type: 'group', name: 'Changes', members: [bob.id] })).id;
    const [hers, his] = [await signIn(ann, room), await signIn(bob, room)];
    const { seq } = await ann.say(room, 'first');
    await Promise.all([hers, his].map((handle) => shows(handle, seq, ({ text }) => text === 'first')));
    await hers.edit(seq, 'second');
    await shows(his, seq, ({ text, editedAt }) => text === 'second' && editedAt !== undefined);
    await his.react(seq, '👍', true);
    await shows(hers, seq, ({ reactions }) => reactions?.['👍']?.count === 1);
    await his.react(seq, '👍', false);
    await shows(hers, seq, ({ reactions }) => reactions?.['👍'] === undefined);
    expect(his.info.get()?.me.unread).to.equal(1);
    await hers.remove(seq);
    await shows(his, seq, ({ deletedAt }) => deletedAt !== undefined);
    expect(his.info.get()?.me.unread).to.equal(0);
    const refused: unknown = await his.edit(seq, 'not mine').catch((error: unknown) => error);
    expect(refused).to.include({ name: 'ApiError', code: 'forbidden' });
  });
});
