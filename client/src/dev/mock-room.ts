import { ApiError } from '../../../shared/sdk/index.ts';
import { Value } from '../../../shared/sdk/observable.ts';
import type {
  PendingMessage,
  RoomHandle,
  SendOptions,
  SendState,
  ThreadHandle,
  Timeline,
  TimelineItem,
  UploadOptions,
} from '../../../shared/sdk/types.ts';
import type {
  Attachment,
  Member,
  Message,
  PatchRoomBody,
  PreviewList,
  Role,
  Room,
  UserSummary,
} from '../../../shared/wire/rest.ts';
import { inventMessage, PEOPLE, randomWords, type RoomSeed } from './mock-data.ts';

const PAGE = 50;
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A conversation with invented history, answers and failures: text with "fail" in it is refused. */
export class MockRoom implements RoomHandle {
  readonly id: string;
  readonly info: Value<Room | undefined>;
  readonly timeline: Value<Timeline>;
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
    const peer = PEOPLE.find((person) => person.id === seed.with[0]);
    const last = seed.messages > 0 ? inventMessage(seed, seed.messages, this.#now) : undefined;
    this.info = new Value<Room | undefined>({
      id: seed.id,
      type: seed.type,
      public: seed.public ?? false,
      v: 1,
      head: seed.messages,
      members: seed.with.length + 1,
      ...(seed.name === undefined ? {} : { name: seed.name }),
      ...(seed.topic === undefined ? {} : { topic: seed.topic }),
      ...(last === undefined ? {} : { lastMessage: last }),
      ...(seed.type === 'dm' && peer !== undefined ? { peer } : {}),
      me: {
        role: seed.type === 'group' ? 'owner' : 'member',
        readSeq: seed.messages - seed.unread,
        unread: Math.min(seed.unread, 100),
        mentions: seed.id === 'r-harbour' ? 1 : 0,
        notify: seed.muted ? 'none' : 'all',
        favourite: seed.favourite ?? false,
      },
    });
    this.timeline = new Value<Timeline>({
      items: [],
      atStart: false,
      detached: false,
      loadingOlder: false,
      loading: true,
      readSeqAtOpen: seed.messages - seed.unread,
    });
  }

  async open(): Promise<void> {
    if (this.#opened) {
      this.#patch({ readSeqAtOpen: this.#room.me.readSeq });
      return;
    }
    this.#opened = true;
    await pause(location.search.includes('slow') ? 60_000 : 120);
    const from = Math.max(1, this.#seed.messages - PAGE + 1);
    this.#patch({ items: this.#page(from, this.#seed.messages), atStart: from === 1, loading: false });
  }

  async loadOlder(): Promise<void> {
    const first = this.timeline.get().items[0]?.message;
    if (first === undefined || !('seq' in first) || first.seq === 1) return;
    this.#patch({ loadingOlder: true });
    await pause(350);
    const from = Math.max(1, first.seq - PAGE);
    this.#patch({
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
  forward({ text }: Message): string {
    return this.send(text);
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
    this.#append({ key: clientId, message, pending: true, state: { name: 'sending' } });
    void this.#deliver(clientId);
    return clientId;
  }

  async #deliver(key: string): Promise<void> {
    await pause(250);
    const item = this.timeline.get().items.find((candidate) => candidate.key === key);
    if (item === undefined) return;
    if (item.message.text.includes('fail')) {
      this.#setState(key, { name: 'failed', code: 'forbidden', reason: 'You may not write here' });
      return;
    }
    const seq = this.#take();
    const message: Message = { ...item.message, seq, id: `${this.id}-${String(seq)}`, rev: seq };
    this.#replace(key, { key, message, pending: false, state: { name: 'sent' } });
    this.#touch(message, 0);
    await pause(900);
    this.#setState(key, { name: 'delivered' });
    await pause(1_500);
    this.#setState(key, { name: 'read' });
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
    if (this.#opened) this.#append({ key: message.id, message, pending: false });
    this.#touch(message, 1);
  }

  someoneTypes(): void {
    const user = PEOPLE.find((person) => person.id === this.#seed.with[0]);
    this.typing.set(user === undefined ? [] : [user]);
  }

  retry(key: string): void {
    this.#setState(key, { name: 'sending' });
    const items = this.timeline.get().items;
    const item = items.find((candidate) => candidate.key === key);
    if (item === undefined) return;
    this.#replace(key, {
      ...item,
      message: { ...item.message, text: item.message.text.replace('fail', 'succeed') },
    });
    void this.#deliver(key);
  }
  discard(key: string): void {
    this.#patch({ items: this.timeline.get().items.filter((item) => item.key !== key) });
  }
  async edit(seq: number, text: string): Promise<void> {
    await pause(200);
    this.#changeMessage(seq, { text, editedAt: new Date().toISOString() });
  }
  async remove(seq: number): Promise<void> {
    await pause(200);
    this.#changeMessage(seq, { text: '', deletedAt: new Date().toISOString() });
  }
  previews(): Promise<PreviewList> {
    return Promise.resolve({ previews: [], enabled: false });
  }
  async react(seq: number, emoji: string, on: boolean): Promise<void> {
    await pause(200);
    if (emoji === '👀') throw new ApiError('unavailable', 'no answer');
    const item = this.timeline.get().items.find(({ message }) => 'seq' in message && message.seq === seq);
    const { [emoji]: was, ...others } = item?.message.reactions ?? {};
    const users = (was?.users ?? []).filter((user) => user !== 'me');
    const now = on ? [...users, 'me'] : users;
    const added = now.length === 0 ? {} : { [emoji]: { count: now.length, users: now } };
    this.#changeMessage(seq, { reactions: { ...others, ...added } });
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
  #changeMessage(seq: number, fields: Partial<Message>): void {
    const item = this.timeline.get().items.find(({ message }) => 'seq' in message && message.seq === seq);
    if (item === undefined) throw new ApiError('not_found', 'no such message');
    this.#replace(item.key, { ...item, message: { ...item.message, ...fields, rev: this.#take() } });
  }
  #setRoom(patch: Partial<Room>): void {
    this.info.set({ ...this.#room, ...patch });
    this.#changed();
  }
  #patch(patch: Partial<Timeline>): void {
    this.timeline.set({ ...this.timeline.get(), ...patch });
  }
  #append(item: TimelineItem): void {
    this.#patch({ items: [...this.timeline.get().items, item] });
  }
  #replace(key: string, next: TimelineItem): void {
    this.#patch({ items: this.timeline.get().items.map((item) => (item.key === key ? next : item)) });
  }
  #setState(key: string, state: SendState): void {
    const item = this.timeline.get().items.find((candidate) => candidate.key === key);
    if (item !== undefined) this.#replace(key, { ...item, state });
  }
}
