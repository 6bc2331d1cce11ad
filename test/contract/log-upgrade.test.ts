import { expect } from 'chai';
import { mongo } from 'mongoose';
import type { Mongoose } from 'mongoose';
import pino from 'pino';
import { newId } from '../../api/services/log/voids.ts';
import { connectStore, ensureIndexes } from '../../api/store/connect.ts';
import type { LogEntry } from '../../api/store/log.ts';
import { MongoLogStore } from '../../api/store/log-mongo.ts';
import { toRow, type LogRow } from '../../api/store/log-rows.ts';
import { upgradeLog } from '../../api/store/log-upgrade.ts';
import { startServers } from '../support/servers.ts';

const SILENT = pino({ level: 'silent' });

describe('the log of an earlier version', function () {
  this.timeout(900_000);
  let db: Mongoose;
  let native: mongo.Db;
  const room = newId();
  const sender = newId();
  const entries = Array.from({ length: 2_345 }, (_, i): LogEntry => ({
    id: newId(),
    room,
    seq: i + 1,
    rev: i + 1,
    kind: i % 7 === 0 ? 'void' : 'text',
    at: new Date(1_700_000_000_000 + i),
    ...(i % 7 === 0 ? {} : { sender, clientId: `mine-${i}`, text: `number ${i}` }),
  }));

  beforeEach(async () => {
    db = await connectStore((await startServers()).mongodbUrl);
    native = db.connection.getClient().db();
    const rows = entries.map((entry) => {
      const { _id, id, ...rest } = toRow(entry);
      return { _id: id as mongo.ObjectId, ...rest };
    });
    await native.collection('log').insertMany(rows);
  });
  afterEach(() => db.disconnect());

  const upgraded = async (): Promise<readonly LogEntry[]> => {
    await upgradeLog(native, SILENT);
    await ensureIndexes(db, SILENT);
    const log = native.collection<LogRow>('log');
    return new MongoLogStore({ log, rooms: native.collection('rooms') }).range(room, 0, Infinity, 5_000);
  };

  it('stands under its new keys after a start, and a second start leaves it alone', async () => {
    expect(await upgraded()).to.deep.equal(entries);
    await native.collection('log').deleteOne({ seq: 5 });
    expect(await upgraded()).to.have.length(entries.length - 1);
    expect(await native.collection('log_by_id_copied').countDocuments()).to.equal(entries.length);
  });

  it('is copied to its end by the start after one that died', async () => {
    await native.collection('log').rename('log_by_id');
    await native.collection<LogRow>('log').insertMany(entries.slice(0, 1_100).map(toRow));
    expect(await upgraded()).to.deep.equal(entries);
  });
});
