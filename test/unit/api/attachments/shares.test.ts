import { expect } from 'chai';
import fc from 'fast-check';
import { mongo } from 'mongoose';
import { pino } from 'pino';
import { Shares, type Receiver } from '../../../../api/services/attachments/shares.ts';
import { Sweeper } from '../../../../api/services/attachments/sweeper.ts';
import { MemoryAttachmentStore } from '../../../../api/store/attachments-memory.ts';
import type { AttachmentStore, StoredAttachment } from '../../../../api/store/attachments.ts';
import { MemoryFileStore } from '../../../../api/store/files-memory.ts';
import type { LogEntry, LogStore } from '../../../../api/store/log.ts';
import { ParleyError } from '../../../../shared/node/errors.ts';
import type { Attachment } from '../../../../shared/wire/rest.ts';

const id = (): string => new mongo.ObjectId().toHexString();
const BYTES = Buffer.from('the bytes');
const [ANN, BOB, HERE, THERE] = [id(), id(), id(), id()] as const;
const TO: Receiver = { sender: BOB, room: THERE, clientId: 'fwd' };

/** Files and messages without a server, and time that has always passed. */
class Desk {
  readonly rows = new MemoryAttachmentStore();
  readonly files = new MemoryFileStore();
  readonly messages = new Map<string, readonly Attachment[]>();
  /** What the sweep and the sending node see of the records. */
  store: AttachmentStore = this.rows;

  async upload(size = BYTES.length): Promise<Attachment> {
    const made = { id: id(), thumb: id(), owner: ANN, room: HERE, name: 'a.png' };
    await this.rows.begin(made, new Date());
    await this.files.write(made.id, '', [BYTES]);
    await this.files.write(made.thumb, '', [BYTES]);
    const facts = { type: 'image/png', size, width: 4, height: 3, thumbSize: BYTES.length };
    await this.rows.finish(made.id, facts, new Date());
    await this.rows.claim([made.id], made.id, new Date());
    const { id: name, ...rest } = { ...made, ...facts };
    const attachment = { id: name, name: rest.name, type: rest.type, size, width: 4, height: 3 };
    this.say(HERE, ANN, made.id, [attachment]);
    return attachment;
  }
  say(room: string, sender: string, clientId: string, files: readonly Attachment[]): void {
    this.messages.set(`${room} ${sender} ${clientId}`, files);
  }
  /** As a deletion does it. */
  async unsay(room: string, sender: string, clientId: string): Promise<void> {
    const key = `${room} ${sender} ${clientId}`;
    const gone = this.messages.get(key) ?? [];
    this.messages.set(key, []);
    await this.rows.forget(
      gone.map((one) => one.id),
      new Date(),
    );
  }
  async forward(files: readonly Attachment[], to = TO, quota = 0): Promise<readonly Attachment[]> {
    const shared = await new Shares(this.store, quota).share(files, to);
    this.say(to.room, to.sender, to.clientId, shared);
    return shared;
  }
  sweeper(): Sweeper {
    const log = {
      bySender: async (room: string, sender: string, clientId: string) => {
        const attachments = this.messages.get(`${room} ${sender} ${clientId}`);
        return attachments === undefined ? undefined : ({ attachments } as unknown as LogEntry);
      },
    } as Pick<LogStore, 'bySender'>;
    const lease = { hold: async () => true, release: async () => undefined };
    const logger = pino({ level: 'silent' });
    return new Sweeper({
      store: this.store,
      files: this.files,
      log,
      lease,
      logger,
      onSwept: () => undefined,
    });
  }
  /** Everything is looked at, however long it may wait. */
  async sweepAll(): Promise<void> {
    const later = new Proxy(this.rows, {
      get: (rows, name) => {
        const method = Reflect.get(rows, name) as (...args: unknown[]) => unknown;
        if (name === 'due') return (_now: Date, limit: number) => rows.due(new Date(8e15), limit);
        if (name === 'retire')
          return (one: string, _now: Date, at: Date) => rows.retire(one, new Date(8e15), at);
        return method.bind(rows);
      },
    });
    const before = this.store;
    this.store = later;
    await this.sweeper().sweep();
    await this.sweeper().sweep();
    this.store = before;
  }
  async row(one: Attachment): Promise<StoredAttachment> {
    const [found] = await this.rows.byIds([one.id]);
    if (found === undefined) throw new Error('no such record');
    return found;
  }
  /** The bytes under these ids, or none of them. */
  async has({ body, id: own, thumb }: StoredAttachment): Promise<boolean> {
    const counts = await Promise.all([this.#holds(body ?? own), this.#holds(thumb)]);
    if (counts[0] !== counts[1]) throw new Error('one is here without the other');
    return counts[0] === true;
  }
  async #holds(name: string): Promise<boolean> {
    try {
      for await (const piece of this.files.read(name, 0, BYTES.length - 1))
        if (!piece.equals(BYTES)) return false;
      return true;
    } catch {
      return false;
    }
  }
}

const codeOf = async (promise: Promise<unknown>): Promise<string | undefined> =>
  promise.then(
    () => undefined,
    (error: unknown) => (error instanceof ParleyError ? error.code : String(error)),
  );

describe('files that are sent on', () => {
  let desk: Desk;
  beforeEach(() => {
    desk = new Desk();
  });

  it('have a record of their own over the same bytes, with all that is known of them', async () => {
    const [one, two] = [await desk.upload(), await desk.upload()];
    const shared = await desk.forward([one, two]);
    expect(shared.map((file) => ({ ...file, id: '' }))).to.deep.equal(
      [one, two].map((file) => ({ ...file, id: '' })),
    );
    expect(await desk.row(shared[0]!)).to.include({
      body: one.id,
      owner: BOB,
      room: THERE,
      claim: 'fwd',
      state: 'ready',
    });
    const again = await desk.forward(shared, { ...TO, room: id() });
    expect(await desk.row(again[1]!)).to.include({ body: two.id });
  });

  it('are the same, however often the sending is tried', async () => {
    const file = await desk.upload();
    const first = await desk.forward([file]);
    expect(await desk.forward([file])).to.deep.equal(first);
    expect(await desk.forward([file], { ...TO, clientId: 'other' })).to.not.deep.equal(first);
  });

  it('stay when the first is gone, and their bytes go with the last', async () => {
    const file = await desk.upload();
    const [shared] = await desk.forward([file]);
    const row = await desk.row(shared!);
    await desk.unsay(HERE, ANN, file.id);
    await desk.sweepAll();
    expect(await desk.rows.byIds([file.id])).to.deep.equal([]);
    expect(await desk.has(row)).to.equal(true);
    const [third] = await desk.forward([shared!], { ...TO, clientId: 'third' });
    await desk.unsay(THERE, BOB, 'fwd');
    await desk.sweepAll();
    expect(await desk.has(await desk.row(third!))).to.equal(true);
    await desk.unsay(THERE, BOB, 'third');
    await desk.sweepAll();
    expect(await desk.has(row)).to.equal(false);
    expect(await desk.rows.byIds([shared!.id, third!.id])).to.deep.equal([]);
  });

  it('count for who sends them on, once, and are refused where there is no space for them', async () => {
    const [small, large] = [await desk.upload(40), await desk.upload(70)];
    await desk.forward([small], TO, 100);
    await desk.forward([small], { ...TO, clientId: 'again' }, 100);
    expect(await desk.rows.used(BOB)).to.equal(40);
    expect(await codeOf(desk.forward([large], { ...TO, clientId: 'large' }, 100))).to.equal('quota_exceeded');
    expect(await codeOf(desk.forward([small, large], { ...TO, clientId: 'both' }, 109))).to.equal(
      'quota_exceeded',
    );
    expect(await codeOf(desk.forward([small, large], { ...TO, clientId: 'both' }, 110))).to.equal(undefined);
  });

  it('that are gone do not go along', async () => {
    const [gone, kept] = [await desk.upload(), await desk.upload()];
    await desk.rows.forget([gone.id], new Date());
    expect((await desk.forward([gone, kept])).length).to.equal(1);
    expect(await desk.forward([gone], { ...TO, clientId: 'none' })).to.deep.equal([]);
  });

  it('leave nothing behind and nothing dangling when their node dies at any step', async () => {
    for (let calls = 0; calls < 8; calls++) {
      desk = new Desk();
      const file = await desk.upload();
      const source = await desk.row(file);
      desk.store = dyingAfter(desk.rows, calls);
      const died = await codeOf(desk.forward([file]));
      desk.store = desk.rows;
      await desk.sweepAll();
      expect(await desk.has(source), 'the first is there').to.equal(true);
      if (died !== undefined) expect(await desk.rows.used(BOB), String(calls)).to.equal(0);
      const [shared] = await desk.forward([file]);
      await desk.sweepAll();
      expect(await desk.has(await desk.row(shared!)), 'a retry works').to.equal(true);
      await desk.unsay(HERE, ANN, file.id);
      await desk.unsay(THERE, BOB, 'fwd');
      await desk.sweepAll();
      expect(await desk.has(source), 'nothing is left').to.equal(false);
    }
  });

  it('are there or refused, whatever is deleted and swept meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        desk = new Desk();
        const file = await desk.upload();
        const source = await desk.row(file);
        desk.store = scheduled(desk.rows, scheduler);
        const outcome = desk.forward([file]).catch((error: unknown) => error);
        const deleted = scheduler.schedule(Promise.resolve()).then(() => desk.unsay(HERE, ANN, file.id));
        const swept = deleted.then(() => Promise.all([desk.sweeper().sweep(), desk.sweeper().sweep()]));
        await scheduler.waitFor(Promise.all([outcome, swept]));
        desk.store = desk.rows;
        const result = await outcome;
        await desk.sweepAll();
        const isThere = await desk.has(source);
        if (!Array.isArray(result) || result.length === 0) return !isThere;
        await desk.unsay(THERE, BOB, 'fwd');
        await desk.sweepAll();
        return isThere && !(await desk.has(source));
      }),
      { numRuns: 300 },
    );
  });
});

/** A store whose node is gone after so many calls. */
function dyingAfter(store: AttachmentStore, calls: number): AttachmentStore {
  let left = calls;
  return wrapped(store, (call) => {
    if (left-- <= 0) return Promise.reject(new Error('killed'));
    return call();
  });
}

/** A store whose answers and requests take as long as the scheduler likes. */
function scheduled(store: AttachmentStore, scheduler: fc.Scheduler): AttachmentStore {
  return wrapped(store, async (call) => {
    await scheduler.schedule(Promise.resolve());
    const answer = await call();
    await scheduler.schedule(Promise.resolve());
    return answer;
  });
}

function wrapped(
  store: AttachmentStore,
  around: (call: () => Promise<unknown>) => Promise<unknown>,
): AttachmentStore {
  return new Proxy(store, {
    get: (target, name) => {
      const method = Reflect.get(target, name) as (...args: unknown[]) => Promise<unknown>;
      return (...args: unknown[]) => around(() => method.apply(target, args));
    },
  });
}
