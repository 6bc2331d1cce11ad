import { expect } from 'chai';
import { mongo, type Mongoose } from 'mongoose';
import { pino } from 'pino';
import { MemoryAttachmentStore } from '../../api/store/attachments-memory.ts';
import { MongoAttachmentStore } from '../../api/store/attachments-mongo.ts';
import type { AttachmentStore, NewAttachment, NewShare } from '../../api/store/attachments.ts';
import { connectStore, ensureIndexes } from '../../api/store/connect.ts';
import { GridFsStore } from '../../api/store/files-gridfs.ts';
import { MemoryFileStore } from '../../api/store/files-memory.ts';
import { PIECE_BYTES, type FileStore } from '../../api/store/files.ts';
import { startServers } from '../support/servers.ts';

const id = (): string => new mongo.ObjectId().toHexString();
const soon = (ms = 60_000): Date => new Date(Date.now() + ms);
const PAST = new Date(1_000);

interface Fixture {
  readonly attachments: AttachmentStore;
  readonly files: FileStore;
}

/** What every store of files does. */
function contract(make: () => Promise<Fixture>): void {
  let store: AttachmentStore;
  let files: FileStore;
  let owner: string;
  let room: string;
  before(async () => {
    ({ attachments: store, files } = await make());
  });
  beforeEach(() => {
    [owner, room] = [id(), id()];
  });

  const fresh = (more: Partial<NewAttachment> = {}): NewAttachment => ({
    id: id(),
    thumb: id(),
    owner,
    room,
    name: 'a.bin',
    ...more,
  });
  const ready = async (size = 100, more: Partial<NewAttachment> = {}): Promise<NewAttachment> => {
    const made = fresh(more);
    await store.begin(made, soon());
    await store.finish(made.id, { type: 'text/plain', size }, soon());
    return made;
  };
  const shareOf = (source: NewAttachment, more: Partial<NewShare> = {}): NewShare => ({
    ...source,
    id: id(),
    body: source.id,
    type: 'text/plain',
    size: 100,
    ...more,
  });
  const state = async (one: { readonly id: string }): Promise<string | undefined> =>
    (await store.byIds([one.id]))[0]?.state;
  const due = async (): Promise<readonly string[]> =>
    (await store.due(new Date(), 1_000)).filter((one) => one.owner === owner).map((one) => one.id);

  describe('records', () => {
    it('begin under a lease, which can be prolonged until all is here', async () => {
      const made = fresh();
      await store.begin(made, soon());
      expect(await store.underway(owner, new Date())).to.equal(1);
      expect(await store.renew(made.id, soon())).to.equal(true);
      expect(await store.finish(made.id, { type: 'image/png', size: 5, width: 3, height: 2 }, PAST)).to.equal(
        true,
      );
      expect(await store.underway(owner, new Date())).to.equal(0);
      expect(await store.renew(made.id, soon())).to.equal(false);
      expect(await store.finish(made.id, { type: 'text/plain', size: 6 }, PAST)).to.equal(false);
      const [found] = await store.byIds([made.id, id()]);
      expect(found).to.deep.equal({
        ...made,
        type: 'image/png',
        size: 5,
        width: 3,
        height: 2,
        state: 'ready',
        sweepAt: PAST,
      });
    });

    it('are claimed by one message, all or as many as are free', async () => {
      const [first, second] = [await ready(), await ready()];
      expect(await store.claim([first.id], 'one', soon())).to.equal(1);
      expect(await store.claim([first.id, second.id], 'two', soon())).to.equal(1);
      expect(await store.claim([first.id], 'one', soon())).to.equal(1);
      await store.forget([first.id], soon());
      expect(await store.claim([first.id], 'one', soon())).to.equal(0);
    });

    it('are due when their time has come, the longest first, unless they are settled', async () => {
      const [later, first, never, settled] = [fresh(), fresh(), fresh(), await ready()];
      await store.begin(later, new Date(2_000));
      await store.begin(first, PAST);
      await store.begin(never, soon());
      await store.claim([settled.id], 'c', PAST);
      await store.settle(settled.id);
      expect(await due()).to.deep.equal([first.id, later.id]);
      expect(await store.retire(never.id, new Date(), soon())).to.equal(false);
      expect(await store.retire(first.id, new Date(), soon())).to.equal(true);
      expect([await state(first), await state(never)]).to.deep.equal(['gone', 'uploading']);
      expect(await due()).to.deep.equal([later.id]);
      await store.remove(first.id);
      expect(await state(first)).to.equal(undefined);
    });

    it('go with their room, and with their owner', async () => {
      const [here, there] = [await ready(), await ready(1, { room: id() })];
      await store.forgetRoom(room, soon());
      expect([await state(here), await state(there)]).to.deep.equal(['gone', 'ready']);
      await store.forgetOwner(owner, soon());
      expect(await state(there)).to.equal('gone');
    });
  });

  describe('bytes in more than one message', () => {
    it('have a record in each, ready and claimed at once', async () => {
      const source = await ready();
      const share = shareOf(source, { room: id(), owner: id(), duration: 1.5, waveform: [0, 100] });
      expect(await store.share([share], 'c', PAST)).to.equal(1);
      const [found] = await store.byIds([share.id]);
      expect(found).to.deep.equal({ ...share, state: 'ready', claim: 'c', sweepAt: PAST });
      expect(await store.claim([share.id], 'other', soon())).to.equal(0);
    });

    it('get it once: one that stands stays as it is', async () => {
      const source = await ready();
      const [first, second] = [shareOf(source), shareOf(source)];
      expect(await store.share([first], 'c', PAST)).to.equal(1);
      expect(await store.share([first, second], 'other', soon())).to.equal(1);
      expect(await store.share([first, second], 'other', soon())).to.equal(0);
      expect((await store.byIds([first.id]))[0]).to.deep.include({ claim: 'c', sweepAt: PAST });
      await store.forget([first.id], PAST);
      expect(await store.share([first], 'c', soon())).to.equal(0);
      expect(await state(first)).to.equal('gone');
    });

    it('are reached until the last of them is gone', async () => {
      const source = await ready();
      const [first, second] = [shareOf(source), shareOf(source)];
      await store.share([first, second], 'c', soon());
      expect(await store.isReached(source.id)).to.equal(true);
      await store.forget([source.id, second.id], soon());
      await store.remove(source.id);
      expect(await store.isReached(source.id)).to.equal(true);
      await store.forget([first.id], soon());
      expect(await store.isReached(source.id)).to.equal(false);
      const begun = fresh();
      await store.begin(begun, soon());
      expect(await store.isReached(begun.id)).to.equal(true);
    });

    it('count once for who has them, however often that is', async () => {
      const [source, other] = [await ready(100), await ready(30)];
      const elsewhere = id();
      await store.share(
        [shareOf(source), shareOf(source), shareOf(source, { owner: elsewhere })],
        'c',
        soon(),
      );
      expect(await store.used(owner)).to.equal(130);
      expect(await store.used(elsewhere)).to.equal(100);
      expect(await store.used(owner, [source.id])).to.equal(30);
      await store.forget([source.id], soon());
      expect(await store.used(owner)).to.equal(130);
      await store.forget([other.id], soon());
      expect(await store.used(owner)).to.equal(100);
      expect(await store.used(id())).to.equal(0);
    });
  });

  describe('bytes', () => {
    const read = async (name: string, start: number, end: number): Promise<Buffer> => {
      const pieces: Buffer[] = [];
      for await (const piece of files.read(name, start, end)) pieces.push(piece);
      return Buffer.concat(pieces);
    };

    it('are read as they were written, whole or in part, until they are removed', async () => {
      const [name, other] = [id(), id()];
      const bytes = Buffer.from(Array.from({ length: PIECE_BYTES + 7 }, (_, i) => i % 251));
      const pieces = [bytes.subarray(0, PIECE_BYTES), bytes.subarray(PIECE_BYTES)];
      expect(await files.write(name, 'a', pieces)).to.equal(bytes.length);
      await files.write(other, 'b', [Buffer.from('other')]);
      expect((await read(name, 0, bytes.length - 1)).equals(bytes)).to.equal(true);
      expect(
        (await read(name, PIECE_BYTES - 2, PIECE_BYTES + 1)).equals(
          bytes.subarray(PIECE_BYTES - 2, PIECE_BYTES + 2),
        ),
      ).to.equal(true);
      await files.remove([name, id()]);
      const failure = await read(name, 0, 1).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(failure).to.be.instanceOf(Error);
      expect(String(await read(other, 0, 4))).to.equal('other');
    });
  });
}

describe('the stores of files in memory', () => {
  contract(async () => ({ attachments: new MemoryAttachmentStore(), files: new MemoryFileStore() }));
});

describe('the stores of files in MongoDB', function () {
  this.timeout(900_000);
  let db: Mongoose | undefined;
  after(() => db?.disconnect());
  contract(async () => {
    const servers = await startServers();
    db = await connectStore(servers.mongodbUrl);
    await ensureIndexes(db, pino({ level: 'silent' }));
    const native = db.connection.getClient().db();
    return {
      attachments: new MongoAttachmentStore(native.collection('attachments')),
      files: new GridFsStore({
        files: native.collection('attachments.files'),
        chunks: native.collection('attachments.chunks'),
      }),
    };
  });
});
