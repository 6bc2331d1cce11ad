import { ApiError } from '../../../shared/sdk/index.ts';
import { Value } from '../../../shared/sdk/observable.ts';
import type {
  PendingMessage,
  RoomHandle,
  SendOptions,
  ThreadHandle,
  Timeline,
  TimelineItem,
  UploadOptions,
} from '../../../shared/sdk/types.ts';
import type {
  Attachment,
  EditHistory,
  Member,
  Message,
  PatchRoomBody,
  PreviewList,
  Role,
  Room,
  UserSummary,
} from '../../../shared/wire/rest.ts';
import { inventMessage, PEOPLE, randomWords, type RoomSeed } from './mock-data.ts';
import { MockRows } from './mock-rows.ts';
import { mockSummary } from './mock-summary.ts';

const PAGE = 50;
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A conversation with invented history, answers and failures: text with "fail" in it is refused. */
export class MockRoom implements RoomHandle {
  readonly id: string;
  readonly info: Value<Room | undefined>;
  readonly timeline: Value<Timeline>;
  readonly #rows: MockRows;
  readonly members = new Value<readonly Member[]>([]);
  readonly typing = new Value<readonly UserSummary[]>([]);
  readonly quotes = new Value<ReadonlyMap<number, Message | null>>(new Map());
  readonly #seed: RoomSeed;
  readonly #changed: () => void;
  readonly #now = Date.now();
  #next: number;
  #opened = false;

  constructor(seed: RoomSeed, changed: () => void) {
    this.#seed = seed;
    this.#changed = changed;
    this.id = seed.id;
    this.#next = seed.messages + 1;
    this.info = new Value<Room | undefined>(mockSummary(seed, this.#now));
    this.#rows = new MockRows(seed.messages - seed.unread);
    this.timeline = this.#rows.timeline;
  }

  async open(): Promise<void> {
    if (this.#opened) {
      this.#rows.patch({ readSeqAtOpen: this.#room.me.readSeq });
      return;
    }
    this.#opened = true;
    await pause(location.search.includes('slow') ? 60_000 : 120);
    const from = Math.max(1, this.#seed.messages - PAGE + 1);
    this.#rows.patch({ items: this.#page(from, this.#seed.messages), atStart: from === 1, loading: false });
  }

  async loadOlder(): Promise<void> {
    const first = this.timeline.get().items[0]?.message;
    if (first === undefined || !('seq' in first) || first.seq === 1) return;
    this.#rows.patch({ loadingOlder: true });
    await pause(350);
    const from = Math.max(1, first.seq - PAGE);
    this.#rows.patch({
      items: [...this.#page(from, first.seq - 1), ...this.timeline.get().items],
      atStart: from === 1,
      loadingOlder: false,
    });
  }

  async loadNewer(): Promise<void> {
    await pause(0);
  }
  async jump(): Promise<void> {
    await this.open();
  }
  leaveHistory(): void {
    // All there is reaches the newest.
  }
  async pin(): Promise<void> {
    await pause(80);
  }
  async edits(seq: number): Promise<EditHistory> {
    await pause(80);
    const { text = '', at = '' } = this.#rows.at(seq)?.message ?? {};
    return { versions: [{ text, at }], complete: true };
  }
  async pins(): Promise<readonly Message[]> {
    await pause(80);
    return [];
  }

  quote(): void {
    // Nothing here quotes.
  }
  thread(root: number): ThreadHandle {
    const message = new Value<Message | undefined>(undefined);
    const timeline = new Value<Timeline>({
      ...this.timeline.get(),
      items: [],
      atStart: true,
      loading: false,
    });
    const none = async (): Promise<void> => pause(0);
    const send = (text: string): string => this.send(text);
    return { root, message, timeline, open: none, loadOlder: none, send, markRead: none, follow: none };
  }
  forward({ text, attachments = [] }: Message): string {
    return this.send(text, { attachments });
  }

  async loadMembers(): Promise<void> {
    await pause(150);
    const roles: readonly Role[] = ['owner', 'admin', 'member'];
    const ids = ['me', ...this.#seed.with];
    this.members.set(
      ids.flatMap((id, index) => {
        const user = PEOPLE.find((person) => person.id === id);
        const role = id === 'me' ? this.#room.me.role : (roles[Math.min(index, 2)] ?? 'member');
        return user === undefined ? [] : [{ user, role, readSeq: 0, gotSeq: 0 }];
      }),
    );
  }

  async upload(file: Blob, { name, onProgress, signal, voice }: UploadOptions): Promise<Attachment> {
    for (let part = 1; part <= 10; part += 1) {
      await pause(120);
      signal?.throwIfAborted();
      onProgress?.((file.size * part) / 10, file.size);
    }
    const picture = file.type.startsWith('image/') ? await createImageBitmap(file) : undefined;
    const size = picture === undefined ? {} : { width: picture.width, height: picture.height };
    return { id: `a-${crypto.randomUUID()}`, name, type: file.type, size: file.size, ...size, ...voice };
  }

  send(text: string, { attachments = [] }: SendOptions = {}): string {
    const clientId = crypto.randomUUID();
    const message: PendingMessage = {
      room: this.id,
      clientId,
      kind: 'text',
      sender: PEOPLE[0] ?? { id: 'me', username: 'me', displayName: 'Me' },
      text,
      at: new Date().toISOString(),
      ...(attachments.length === 0 ? {} : { attachments }),
    };
    this.#rows.append({ key: clientId, message, pending: true, state: { name: 'sending' } });
    void this.#deliver(clientId);
    return clientId;
  }

  async #deliver(key: string): Promise<void> {
    await pause(250);
    const item = this.#rows.get(key);
    if (item === undefined) return;
    if (item.message.text.includes('fail')) {
      this.#rows.setState(key, { name: 'failed', code: 'forbidden', reason: 'You may not write here' });
      return;
    }
    const seq = this.#take();
    const message: Message = { ...item.message, seq, id: `${this.id}-${String(seq)}`, rev: seq };
    this.#rows.replace(key, { key, message, pending: false, state: { name: 'sent' } });
    this.#touch(message, 0);
    await pause(900);
    this.#rows.setState(key, { name: 'delivered' });
    await pause(1_500);
    this.#rows.setState(key, { name: 'read' });
  }

  /** Somebody else says something. */
  receive(text: string = randomWords()): void {
    const seq = this.#take();
    const id = this.#seed.with[Math.floor(Math.random() * this.#seed.with.length)];
    const sender = PEOPLE.find((person) => person.id === id);
    if (sender === undefined) return;
    const message: Message = {
      room: this.id,
      seq,
      id: `${this.id}-${String(seq)}`,
      kind: 'text',
      sender,
      text,
      at: new Date().toISOString(),
      rev: seq,
    };
    this.typing.set([]);
    if (this.#opened) this.#rows.append({ key: message.id, message, pending: false });
    this.#touch(message, 1);
  }

  someoneTypes(): void {
    const user = PEOPLE.find((person) => person.id === this.#seed.with[0]);
    this.typing.set(user === undefined ? [] : [user]);
  }

  retry(key: string): void {
    this.#rows.setState(key, { name: 'sending' });
    const item = this.#rows.get(key);
    if (item === undefined) return;
    this.#rows.replace(key, {
      ...item,
      message: { ...item.message, text: item.message.text.replace('fail', 'succeed') },
    });
    void this.#deliver(key);
  }
  discard(key: string): void {
    this.#rows.patch({ items: this.timeline.get().items.filter((item) => item.key !== key) });
  }
  async edit(seq: number, text: string): Promise<void> {
    await pause(200);
    this.#rows.change(seq, this.#take(), { text, editedAt: new Date().toISOString() });
  }
  async remove(seq: number): Promise<void> {
    await pause(200);
    this.#rows.change(seq, this.#take(), { text: '', deletedAt: new Date().toISOString() });
  }
  previews(): Promise<PreviewList> {
    return Promise.resolve({ previews: [], enabled: false });
  }
  async react(seq: number, emoji: string, on: boolean): Promise<void> {
    await pause(200);
    if (emoji === '👀') throw new ApiError('unavailable', 'no answer');
    const item = this.#rows.at(seq);
    const { [emoji]: was, ...others } = item?.message.reactions ?? {};
    const users = (was?.users ?? []).filter((user) => user !== 'me');
    const now = on ? [...users, 'me'] : users;
    const added = now.length === 0 ? {} : { [emoji]: { count: now.length, users: now } };
    this.#rows.change(seq, this.#take(), { reactions: { ...others, ...added } });
  }
  markRead(seq = this.#next - 1): void {
    const { me } = this.#room;
    if (seq > me.readSeq) this.#setRoom({ me: { ...me, readSeq: seq, unread: 0, mentions: 0 } });
  }
  setTyping(): void {
    return;
  }
  async update({ me, ...patch }: PatchRoomBody): Promise<void> {
    await pause(200);
    if (patch.name === 'taken')
      throw new ApiError('conflict', 'a channel of that name exists', { fields: { name: 'is taken' } });
    this.#setRoom({ ...patch, me: { ...this.#room.me, ...me } });
  }
  async addMembers(users: readonly string[]): Promise<void> {
    await pause(200);
    const added = PEOPLE.filter((person) => users.includes(person.id));
    this.members.set([
      ...this.members.get(),
      ...added.map((user) => ({ user, role: 'member' as const, readSeq: 0, gotSeq: 0 })),
    ]);
  }
  async setRole(user: string, role: Role): Promise<void> {
    await pause(200);
    this.members.set(
      this.members.get().map((member) => (member.user.id === user ? { ...member, role } : member)),
    );
  }
  async removeMember(user: string): Promise<void> {
    await pause(200);
    this.members.set(this.members.get().filter((member) => member.user.id !== user));
  }
  async leave(): Promise<void> {
    await pause(200);
    this.info.set(undefined);
    this.#changed();
  }
  delete(): Promise<void> {
    return this.leave();
  }

  get #room(): Room {
    const room = this.info.get();
    if (room === undefined) throw new ApiError('not_found', 'no such room');
    return room;
  }
  #take(): number {
    this.#next += 1;
    return this.#next - 1;
  }
  #page(from: number, to: number): TimelineItem[] {
    const count = Math.max(0, to - from + 1);
    return Array.from({ length: count }, (_, index) => {
      const message = inventMessage(this.#seed, from + index, this.#now);
      const own = message.sender.id === 'me' && message.kind === 'text';
      return {
        key: message.id,
        message,
        pending: false,
        ...(own ? { state: { name: 'read' } as const } : {}),
      };
    });
  }
  #touch(message: Message, unread: number): void {
    const { me } = this.#room;
    this.#setRoom({
      head: message.seq,
      lastMessage: message,
      me: { ...me, unread: Math.min(100, me.unread + unread) },
    });
  }
  #setRoom(patch: Partial<Room>): void {
    this.info.set({ ...this.#room, ...patch });
    this.#changed();
  }
}
