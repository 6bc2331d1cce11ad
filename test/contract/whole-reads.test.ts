import { expect } from 'chai';
import { mongo, type Mongoose } from 'mongoose';
import { pino } from 'pino';
import { connectStore, ensureIndexes } from '../../api/store/connect.ts';
import { MemberStore } from '../../api/store/members.ts';
import { startServers } from '../support/servers.ts';

const READS = 60;

describe('a read of many memberships', function () {
  this.timeout(900_000);
  const id = (): string => new mongo.ObjectId().toHexString();
  const users = Array.from({ length: 150 }, id);
  const rooms = [id(), id()];
  let db: Mongoose;
  let members: MemberStore;
  before(async () => {
    const servers = await startServers();
    db = await connectStore(servers.mongodbUrl);
    await ensureIndexes(db, pino({ level: 'silent' }));
    members = new MemberStore(db);
    const rows = rooms.flatMap((room) =>
      users.map((user) => ({
        room: new mongo.ObjectId(room),
        user: new mongo.ObjectId(user),
        role: 'member',
      })),
    );
    await db.connection.getClient().db().collection('members').insertMany(rows);
  });
  after(() => db?.disconnect());

  it('lacks none of them while they are updated', async () => {
    const stored = db.connection.getClient().db().collection('members');
    let isOver = false;
    const update = async (user: string): Promise<void> => {
      while (!isOver) await stored.updateMany({ user: new mongo.ObjectId(user) }, { $inc: { gotSeq: 1 } });
    };
    const updates = users.slice(0, 6).map(update);
    const found: number[] = [];
    for (let i = 0; i < READS; i++) found.push((await members.ofUsers(users)).length);
    isOver = true;
    await Promise.all(updates);
    expect(found).to.deep.equal(Array<number>(READS).fill(rooms.length * users.length));
  });
});
