import { expect } from 'chai';
import { Agent, fetch as undiciFetch } from 'undici';
import { WebSocket } from 'ws';
import { ParleyClient, type Socket } from '../../shared/sdk/index.ts';
import { useCluster } from '../support/use-cluster.ts';

describe('the SDK against a cluster', function () {
  this.timeout(180_000);
  const on = useCluster();
  let client: ParleyClient | undefined;

  after(() => client?.close());

  it('repairs a frame that never came from the API’s log', async function () {
    this.timeout(30_000);
    const ann = await on.parley.register('ann');
    const bob = await on.parley.register('bob');
    const room = (await ann.createRoom({ type: 'group', name: 'Two', members: [bob.id] })).id;
    const ca = on.parley.place.ca ?? '';
    const dispatcher = new Agent({ connect: { ca } });
    client = new ParleyClient({
      origin: on.parley.place.origin,
      fetch: (input, init) =>
        undiciFetch(input as string, { ...init, dispatcher } as object) as unknown as Promise<Response>,
      connect: (url, protocol) => losing(new WebSocket(url, protocol, { ca }), 'this one is lost'),
    });
    await client.login({ username: bob.username, password: bob.password });
    const handle = client.room(room);
    const shown = (): string[] => handle.timeline.get().items.map(({ message }) => message.text);
    const complete = new Promise<void>((resolve) => {
      handle.timeline.subscribe(() => {
        if (shown().includes('this one is lost') && shown().includes('this one comes')) resolve();
      });
    });
    await handle.open();
    await ann.say(room, 'this one is lost');
    await ann.say(room, 'this one comes');
    await complete;
    expect(shown().slice(-2)).to.deep.equal(['this one is lost', 'this one comes']);
  });
});

/** A socket that swallows the frames in which `text` stands. */
function losing(ws: WebSocket, text: string): Socket {
  const emit = ws.emit.bind(ws);
  ws.emit = ((event: string, ...args: unknown[]) =>
    event === 'message' && String(args[0]).includes(text) ? true : emit(event, ...args)) as typeof ws.emit;
  return ws as unknown as Socket;
}
