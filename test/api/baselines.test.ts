/** The servers Parley is compared with do their work: a baseline that cuts corners would prove nothing. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createAdapter } from '@socket.io/redis-adapter';
import { expect } from 'chai';
import { Redis } from 'ioredis';
import jwt from 'jsonwebtoken';
import mongoose from 'mongoose';
import { Server } from 'socket.io';
import { Reader, type Tally } from '../../bench/client/reader.ts';
import { DIALECTS } from '../../bench/client/dialects.ts';
import { markOf } from '../../bench/client/marker.ts';
import { Samples } from '../../bench/measure/samples.ts';
import { connectRaw } from '../../load/socket/index.ts';
import { answers } from '../../local/http.ts';
import { startServers, type TestServers } from '../support/servers.ts';

const SERVERS = join(import.meta.dirname, '../../bench/servers');
const SECRET = 'a secret of the tests, long enough';
const { ObjectId } = mongoose.mongo;

const tokenOf = (user: mongoose.mongo.ObjectId): string => jwt.sign({ sub: user.toHexString() }, SECRET);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('a baseline of the benchmarks', function () {
  this.timeout(180_000);
  let servers: TestServers;
  let client: mongoose.mongo.MongoClient;
  let redis: Redis;
  const children: ChildProcess[] = [];

  before(async () => {
    servers = await startServers();
    client = await new mongoose.mongo.MongoClient(servers.mongodbUrl).connect();
    redis = new Redis(servers.redisUrl);
  });
  after(async () => {
    redis.disconnect();
    await client.close();
  });
  afterEach(async () => {
    for (const child of children.splice(0)) {
      const gone = once(child, 'exit');
      child.kill();
      await gone;
    }
  });

  async function start(script: string): Promise<number> {
    const port = await freePort();
    const { mongodbUrl, redisUrl } = servers;
    const env = { MONGODB_URL: mongodbUrl, REDIS_URL: redisUrl, JWT_SECRET: SECRET, PORT: String(port) };
    const child = spawn(process.execPath, ['--import', 'tsx', join(SERVERS, script)], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    children.push(child);
    while (!(await answers(`http://127.0.0.1:${port}/healthz`))) {
      if (child.exitCode !== null) throw new Error(`${script} ended`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return port;
  }

  describe('one Express process', () => {
    const [member, stranger, room] = [new ObjectId(), new ObjectId(), new ObjectId()];
    let port = 0;

    const post = async (body: unknown, token = tokenOf(member), to = room.toHexString()): Promise<Response> =>
      await fetch(`http://127.0.0.1:${port}/rooms/${to}/messages`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });

    beforeEach(async () => {
      const rooms = client.db().collection('rooms');
      await rooms.deleteMany({});
      await rooms.insertOne({ _id: room, members: [member], lastActivity: new Date(0) });
      port = await start('express-naive.ts');
    });

    it('stores a message, notes the activity and publishes', async () => {
      const subscriber = redis.duplicate();
      await subscriber.subscribe(`room:${room.toHexString()}`);
      const published = once(subscriber, 'message');
      const response = await post({ clientId: 'c-1', text: 'hello there' });
      expect(response.status).to.equal(201);
      const stored = await client.db().collection('messages').findOne({ room });
      expect(stored).to.include({ text: 'hello there', clientId: 'c-1' });
      expect(String(stored?.['sender'])).to.equal(member.toHexString());
      const after = await client.db().collection('rooms').findOne({ _id: room });
      expect((after?.['lastActivity'] as Date).getTime()).to.be.greaterThan(0);
      expect(String((await published)[1])).to.contain('hello there');
      subscriber.disconnect();
    });

    it('refuses who is no member, who is nobody, and what is no message', async () => {
      const text = { clientId: 'c-2', text: 'let me in' };
      const other = new ObjectId().toHexString();
      const answered = await Promise.all([
        post(text, tokenOf(stranger)),
        post(text, 'no token'),
        post({ text: '' }),
        post(text, tokenOf(member), other),
      ]);
      expect(answered.map(({ status }) => status)).to.deep.equal([403, 401, 400, 404]);
      expect(await client.db().collection('messages').countDocuments({ clientId: 'c-2' })).to.equal(0);
    });

    it('finds messages by their words and by their room', async () => {
      const indexes = await client.db().collection('messages').indexes();
      const keys = indexes.map(({ key }) => Object.keys(key).join());
      expect(keys).to.include('room,createdAt').and.to.include('_fts,_ftsx');
    });
  });

  describe('Socket.IO with its Redis adapter', () => {
    it('brings what is emitted elsewhere to the members on every node, and to nobody else', async () => {
      const [room, other] = [new ObjectId(), new ObjectId()];
      const people = [new ObjectId(), new ObjectId(), new ObjectId()] as const;
      await client
        .db()
        .collection('members')
        .insertMany(people.map((user, i) => ({ user, room: i === 2 ? other : room })));
      const ports = [await start('socket-io.ts'), await start('socket-io.ts')];
      const tallies = people.map((): Tally => ({
        received: 0,
        disordered: 0,
        closed: 0,
        latency: new Samples(),
      }));
      const readers = people.map(
        (user, i) =>
          new Reader(
            {
              ...{ dialect: DIALECTS['socket-io'], token: tokenOf(user), rooms: [], isSampled: true },
              origin: `ws://127.0.0.1:${ports[i % 2]!}`,
              readBuffer: Buffer.alloc(16 * 1024),
            },
            tallies[i]!,
          ),
      );
      await Promise.all(readers.map((reader) => reader.open()));

      const [commands, subscriber] = [redis.duplicate(), redis.duplicate()];
      const io = new Server({ adapter: createAdapter(commands, subscriber) });
      const text = markOf({ room: 0, seq: 1, micros: 0 });
      io.to(room.toHexString()).emit('message', { text });
      io.to(other.toHexString()).emit('message', { text });
      while (tallies.some(({ received }) => received === 0))
        await new Promise((resolve) => setTimeout(resolve, 20));
      expect(tallies.map(({ received }) => received)).to.deep.equal([1, 1, 1]);
      expect(tallies.map(({ latency }) => latency.count)).to.deep.equal([1, 1, 1]);
      for (const reader of readers) reader.close();
      for (const connection of [commands, subscriber]) connection.disconnect();
    });

    it('lets nobody in without a good token', async () => {
      const port = await start('socket-io.ts');
      const { path, answer } = DIALECTS['socket-io'];
      const socket = await connectRaw({ url: `ws://127.0.0.1:${port}${path}` });
      const refused = new Promise<string>((resolve) => {
        socket.listen({
          onText: (bytes, start, end) => {
            const text = bytes.toString('utf8', start, end);
            if (text.startsWith('4')) resolve(text);
            else socket.sendText(answer(text, 'forged') ?? '');
          },
          onClose: () => resolve('closed'),
        });
      });
      expect(await refused).to.match(/^44.*unauthorized/);
      socket.terminate();
    });
  });
});
