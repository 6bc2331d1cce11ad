import { expect } from 'chai';
import { mongo, type Mongoose } from 'mongoose';
import { Sweeper } from '../../api/services/attachments/sweeper.ts';
import { createStores } from '../../api/services/stores.ts';
import { connectStore } from '../../api/store/connect.ts';
import { createLogger } from '../../shared/node/logger.ts';
import type { Attachment, Message, Problem, Room } from '../../shared/wire/rest.ts';
import type { Account } from './api-node.ts';
import { useScene, type Scene } from './scene.ts';

/** Files over REST: sent to one node, in a group of ann's and bob's that is new for each test, and read from the other. */
export class FilesDesk {
  room = '';
  #scene: Scene | undefined;
  #client: mongo.MongoClient | undefined;
  #store: Promise<Mongoose> | undefined;
  #sent = 0;

  get scene(): Scene {
    if (this.#scene === undefined) throw new Error('before the suite');
    return this.#scene;
  }
  get db(): mongo.Db {
    if (this.#client === undefined) throw new Error('before the suite');
    return this.#client.db();
  }

  open(scene: Scene): void {
    this.#scene = scene;
    this.#client = new mongo.MongoClient(scene.servers.mongodbUrl);
  }
  async close(): Promise<void> {
    await this.#client?.close();
    await (await this.#store)?.disconnect();
  }

  async createRoom(by: Account, members: readonly Account[] = []): Promise<string> {
    const body = { type: 'group', name: 'Files', members: members.map(({ id }) => id) };
    return (await this.scene.api.call<Room>('POST', '/rooms', { token: by.token, body })).body.id;
  }

  async post(bytes: string | Buffer, query: Record<string, string> = {}, by = this.scene.ann) {
    const params = new URLSearchParams({ room: this.room, name: 'file.bin', ...query });
    const body = typeof bytes === 'string' ? bytes : new Uint8Array(bytes);
    const init = { method: 'POST', headers: { authorization: `Bearer ${by.token}` }, body };
    const response = await fetch(`${this.scene.api.origin}/api/v1/attachments?${params.toString()}`, init);
    return { status: response.status, body: (await response.json()) as Attachment & Problem };
  }

  async upload(bytes: string | Buffer, query: Record<string, string> = {}, by = this.scene.ann) {
    const { status, body } = await this.post(bytes, query, by);
    expect(status, JSON.stringify(body)).to.equal(201);
    return body as Attachment;
  }

  get(id: string, by: Account, init: RequestInit = {}, node = this.scene.other, query = '') {
    return fetch(`${node.origin}/api/v1/attachments/${id}${query}`, {
      ...init,
      headers: { authorization: `Bearer ${by.token}`, ...(init.headers as Record<string, string>) },
    });
  }

  send(attachments: readonly string[], by = this.scene.ann, text = '', clientId = this.#clientId()) {
    return this.say(by, this.room, { clientId, text, attachments });
  }

  /** What ann or somebody else says somewhere. */
  say(by: Account, room: string, draft: object) {
    const body = { clientId: this.#clientId(), text: '', ...draft };
    return this.scene.api.call<Message & Problem>('POST', `/rooms/${room}/messages`, {
      token: by.token,
      body,
    });
  }

  async unsay({ room, seq }: Pick<Message, 'room' | 'seq'>, by = this.scene.ann): Promise<void> {
    const path = `/rooms/${room}/messages/${seq}`;
    expect((await this.scene.api.call('DELETE', path, { token: by.token })).status).to.equal(200);
  }

  /** The records, and how many pieces of a file are stored. */
  get records(): mongo.Collection {
    return this.db.collection('attachments');
  }
  pieces(id: string): Promise<number> {
    return this.db.collection('attachments.chunks').countDocuments({ files_id: new mongo.ObjectId(id) });
  }
  /** Sweeps until it is so, as the nodes' own sweeper does every ten seconds or so. */
  async swept(isSo: () => Promise<boolean>): Promise<void> {
    const sweeper = await this.#sweeper();
    await until(async () => {
      await sweeper.sweep();
      return isSo();
    });
  }
  /** Due at once; a sweep comes by within seconds. */
  async age(...ids: readonly string[]): Promise<void> {
    const which = { _id: { $in: ids.map((id) => new mongo.ObjectId(id)) }, sweepAt: { $exists: true } };
    await this.records.updateMany(which, { $set: { sweepAt: new Date() } });
  }

  async #sweeper(): Promise<Sweeper> {
    this.#store ??= connectStore(this.scene.servers.mongodbUrl);
    const { attachments: store, files, log } = createStores(await this.#store);
    const lease = { hold: async () => true, release: async () => undefined };
    const logger = createLogger({ name: 'sweeper', level: 'silent' });
    return new Sweeper({ store, files, log, lease, logger, onSwept: () => undefined });
  }

  #clientId(): string {
    return `c${++this.#sent}`;
  }
}

/** As `useScene`, with a desk for files. */
export function useFilesDesk(env?: Readonly<Record<string, string>>): FilesDesk {
  const desk = new FilesDesk();
  useScene((scene) => desk.open(scene), env);
  after(() => desk.close());
  beforeEach(async () => {
    desk.room = await desk.createRoom(desk.scene.ann, [desk.scene.bob]);
  });
  return desk;
}

export async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 50));
}
