import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { Redis } from 'ioredis';
import { RedisCounter } from '../../api/services/log/counter-redis.ts';
import { newId } from '../../api/services/log/voids.ts';
import { connectStore } from '../../api/store/connect.ts';
import type { LogRow } from '../../api/store/log-rows.ts';
import { MongoLogStore } from '../../api/store/log-mongo.ts';
import type { Group } from '../../api/trace/facts.ts';
import type { Story } from '../../api/trace/story.ts';
import type { Message } from '../../shared/wire/rest.ts';
import type { TestCluster } from '../support/cluster.ts';
import { call, type Person } from '../support/person.ts';
import type { RawSocket } from '../support/raw-socket.ts';
import { startClusterOnSharedStore } from '../support/shared-store.ts';

const execute = promisify(execFile);
const MAIN = join(import.meta.dirname, '../../local/trace.ts');
interface Failure {
  readonly code: number;
  readonly stderr: string;
}

describe('npm run trace', function () {
  this.timeout(180_000);
  let parley: TestCluster;
  let ann: Person;
  let bob: Person;
  let cho: Person;
  let dan: Person;
  let room: string;
  let bobs: RawSocket;
  let chos: RawSocket;

  const trace = async (...args: readonly string[]): Promise<string> => {
    const data = ['--data', parley.cluster.paths.data];
    const { MONGODB_URL: _, ...env } = process.env;
    const options = { env, maxBuffer: 64 * 1024 * 1024 };
    return (await execute(process.execPath, ['--import', 'tsx', MAIN, ...args, ...data], options)).stdout;
  };
  /** The story once it is as wanted: lines come when their second is over, cursors are written behind. */
  const story = async (id: string, wanted: (story: Story) => boolean): Promise<Story> => {
    for (;;) {
      const told = JSON.parse(await trace(id, '--json')) as Story;
      if (wanted(told)) return told;
    }
  };
  const sayTo = async (node: number, text: string): Promise<Message> =>
    (
      await call<Message>({ origin: parley.api(node) }, 'POST', `/rooms/${room}/messages`, {
        token: ann.token,
        body: { clientId: text, text },
      })
    ).body;
  const did = (told: Story, mark: string): string[] =>
    told.way.filter((event) => event.mark === mark).map(({ node }) => node);
  const names = ({ users }: Group): string[] => users.map(({ username }) => username);

  before(async () => {
    parley = await startClusterOnSharedStore();
    [ann, bob, cho, dan] = await Promise.all([
      parley.register('ann'),
      parley.register('bob'),
      parley.register('cho'),
      parley.register('dan'),
    ]);
    const members = [bob.id, cho.id, dan.id];
    room = (await ann.createRoom({ type: 'group', name: 'Traced', members })).id;
    bobs = bob.socket(parley.gateway(0));
    chos = cho.socket(parley.gateway(1));
    await Promise.all([bobs.hello(bob.token), chos.hello(cho.token)]);
  });
  after(async () => {
    bobs?.close();
    chos?.close();
    await parley?.stop();
  });

  it('tells how a message sent over REST went, who has it, who has read it, and who has not', async () => {
    const { id, seq } = await sayTo(0, 'a text nobody may see');
    await Promise.all([bobs, chos].map((socket) => socket.next('message', (frame) => frame.id === id)));
    bobs.send({ type: 'got', rooms: { [room]: seq } });
    chos.send({ type: 'read', room, seq });
    const told = await story(
      id,
      (one) => did(one, 'live').length === 2 && one.members.have.count + one.members.read.count === 2,
    );
    expect(told).to.deep.include({ id, seq, kind: 'text', changes: [] });
    expect(told.room).to.deep.equal({ id: room, type: 'group', name: 'Traced' });
    for (const mark of ['rest', 'stored', 'published']) expect(did(told, mark)).to.deep.equal(['api-1']);
    expect(did(told, 'live')).to.have.members(['gateway-1', 'gateway-2']);
    expect(told.way.flatMap(({ sockets }) => sockets ?? [])).to.deep.equal([1, 1]);
    expect(names(told.members.have)).to.deep.equal([bob.username]);
    expect(names(told.members.read)).to.deep.equal([cho.username]);
    expect(names(told.members.lack)).to.have.members([ann.username, dan.username]);
    expect(told.notes).to.deep.equal([]);
    const text = await trace(id);
    expect(text)
      .to.include('accepted by api-1, over REST; stored')
      .and.include('forwarded by gateway-2 to 1 socket');
    expect(text).to.not.include('nobody may see');
  });

  it('tells through which gateway’s socket a message came', async () => {
    bobs.send({ type: 'send', clientId: 'by socket', room, text: 'by socket' });
    const { id } = await bobs.next('ack', (frame) => frame.clientId === 'by socket');
    const told = await story(id, (one) => did(one, 'socket gateway-1').length === 1);
    expect(did(told, 'socket gateway-1')).to.deep.equal(did(told, 'stored'));
    expect(did(told, 'rest')).to.deep.equal([]);
    expect(await trace(id)).to.include('over the socket by gateway-1');
  });

  it('tells what was done to a message, and the way of each change', async () => {
    const { id, seq } = await sayTo(1, 'soon edited');
    await ann.call('PATCH', `/rooms/${room}/messages/${seq}`, { text: 'edited by now' });
    await ann.call('DELETE', `/rooms/${room}/messages/${seq}`);
    const told = await story(
      id,
      ({ changes }) => changes.at(-1)?.events.some(({ mark }) => mark === 'live') ?? false,
    );
    expect(told.changes.map(({ what, by }) => [what, by?.id])).to.deep.equal([
      ['edit', ann.id],
      ['delete', ann.id],
    ]);
    expect(told.message?.deletedAt).to.be.a('string');
    expect(told.message?.rev).to.equal(told.changes[1]?.seq);
    expect(JSON.stringify(told)).to.not.match(/soon edited|edited by now/);
    const change = JSON.parse(await trace(told.changes[0]!.id, '--json')) as Story;
    expect(change).to.deep.include({ kind: 'change', what: 'edit', seq: told.changes[0]!.seq });
    expect(change.message?.id).to.equal(id);
    expect(did(change, 'stored')).to.have.length(1);
  });

  it('tells that a gateway found a message whose node died before it published', async () => {
    const db = await connectStore(parley.cluster.mongodbUrl);
    const redis = new Redis(parley.cluster.redisUrl);
    const native = db.connection.getClient().db();
    const store = new MongoLogStore({
      log: native.collection<LogRow>('log'),
      rooms: native.collection('rooms'),
    });
    const [seq = 0] = await new RedisCounter(redis).take([{ room, count: 1 }]);
    const entry = {
      id: newId(),
      room,
      seq,
      rev: seq,
      kind: 'text',
      at: new Date(),
      sender: ann.id,
      text: 'left behind',
    } as const;
    expect(await store.insert([entry])).to.deep.equal(['stored']);
    await db.disconnect();
    redis.disconnect();
    await Promise.all(
      [bobs, chos].map((socket) => socket.next('message', (frame) => frame.id === entry.id, 30_000)),
    );
    const told = await story(entry.id, (one) => did(one, 'repaired').length === 2);
    expect(did(told, 'stored')).to.deep.equal([]);
    expect(told.notes.join(' ')).to.include('No log names the node').and.include('killed');
    expect(await trace(entry.id)).to.match(/lost on the way to gateway-[12], found missing there/);
  });

  it('tells that a killed gateway’s reader got a message when it came back', async () => {
    const seen = (await sayTo(0, 'the last before')).seq;
    await chos.next('message', (frame) => frame.seq === seen);
    await parley.cluster.kill('gateway-2', 'SIGKILL');
    await chos.closed;
    const { id } = await sayTo(0, 'while it was dead');
    await parley.whole();
    chos = cho.socket(parley.gateway(1));
    await chos.hello(cho.token, { [room]: seen });
    await chos.next('message', (frame) => frame.id === id);
    const told = await story(id, (one) => did(one, 'replayed').length === 1);
    expect(did(told, 'replayed')).to.deep.equal(['gateway-2']);
    expect(did(told, 'live')).to.deep.equal(['gateway-1']);
  });

  it('reads the logs it is given, beside any store', async () => {
    const { id } = await sayTo(0, 'given logs');
    await story(id, (one) => did(one, 'live').includes('gateway-1') && did(one, 'rest').length === 1);
    const given = ['api-1', 'gateway-1'].flatMap((node) => [
      '--logs',
      join(parley.cluster.paths.logs, `${node}.log`),
    ]);
    const env = { ...process.env, MONGODB_URL: parley.cluster.mongodbUrl };
    const command = ['--import', 'tsx', MAIN, id, '--json', ...given];
    const told = JSON.parse((await execute(process.execPath, command, { env })).stdout) as Story;
    expect(did(told, 'rest')).to.deep.equal(['api-1']);
    expect(did(told, 'live')).to.deep.equal(['gateway-1']);
    expect(told.logs.map(({ node }) => node)).to.deep.equal(['api-1', 'gateway-1']);
  });

  it('says what is wrong without a stack, with exit code 1', async () => {
    for (const [args, words] of [
      [['f'.repeat(24)], 'Nothing with the id'],
      [['not-an-id'], 'no message id'],
      [[], 'say which message'],
      [['f'.repeat(24), '--what'], '--what'],
    ] as const) {
      const failure = (await trace(...args).catch((error: unknown) => error)) as Failure;
      expect(failure.code).to.equal(1);
      expect(failure.stderr).to.include(words);
      expect(failure.stderr).to.not.match(/^ +at /m);
    }
  });
});
