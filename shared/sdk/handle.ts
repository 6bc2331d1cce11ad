import type { Attachment, EditHistory, Message, PatchRoomBody, PreviewList, Role } from '../wire/rest.ts';
import type { Engine } from './engine.ts';
import { persist } from './persist.ts';
import { post } from './post.ts';
import type { RoomState } from './room.ts';
import type { RoomHandle, SendOptions, ThreadHandle, UploadOptions } from './types.ts';

/** What a user interface may do with one room. */
export class Handle implements RoomHandle {
  readonly id: string;
  readonly info: RoomHandle['info'];
  readonly timeline: RoomHandle['timeline'];
  readonly members: RoomHandle['members'];
  readonly typing: RoomHandle['typing'];
  readonly quotes: RoomHandle['quotes'];
  readonly #state: RoomState;
  readonly #engine: Engine;
  #typedAt = -Infinity;

  constructor(state: RoomState, engine: Engine) {
    this.id = state.id;
    this.info = state.summary.info;
    this.timeline = state.timeline;
    this.members = state.people.members;
    this.typing = state.people.typing.users;
    this.quotes = state.aside.quotes.messages;
    this.#state = state;
    this.#engine = engine;
  }

  open(): Promise<void> {
    return this.#state.open();
  }

  loadOlder(): Promise<void> {
    return this.#state.loading.older();
  }

  loadNewer(): Promise<void> {
    return this.#state.loading.newer();
  }

  jump(seq: number): Promise<void> {
    return this.#state.loading.jump(seq);
  }

  leaveHistory(): void {
    this.#state.log.leaveHistory();
  }

  loadMembers(): Promise<void> {
    return this.#state.people.load();
  }

  quote(seq: number): void {
    this.#state.aside.quotes.want(seq);
  }

  thread(root: number): ThreadHandle {
    return this.#state.aside.thread(root);
  }

  send(text: string, options: SendOptions = {}): string {
    return post(this.#engine, this.id, { text, ...options });
  }

  forward({ room, seq, text, sender, forwardedFrom, attachments = [] }: Message): string {
    const author = forwardedFrom?.sender ?? sender;
    return post(this.#engine, this.id, { text, attachments, forward: { room, seq, sender: author } });
  }

  upload(file: Blob, options: UploadOptions): Promise<Attachment> {
    return this.#engine.api.upload(this.id, file, options);
  }

  retry(key: string): void {
    this.#engine.outbox()?.retry(key);
  }

  discard(key: string): void {
    this.#engine.outbox()?.discard(key);
  }

  markRead(seq?: number): void {
    this.#state.markRead(seq);
  }

  setTyping(): void {
    const now = performance.now();
    if (now - this.#typedAt < this.#engine.timing.typingInterval) return;
    if (this.#engine.send({ type: 'typing', room: this.id })) this.#typedAt = now;
  }

  async update(patch: PatchRoomBody): Promise<void> {
    const room = await this.#engine.api.updateRoom(this.id, patch);
    // Out of it meanwhile: the answer must not bring it back.
    if (this.info.get() !== undefined) this.#state.adopt(room);
  }

  edit(seq: number, text: string): Promise<void> {
    return this.#change(() => this.#engine.api.editMessage(this.id, seq, text));
  }

  remove(seq: number): Promise<void> {
    return this.#change(() => this.#engine.api.deleteMessage(this.id, seq));
  }

  react(seq: number, emoji: string, on: boolean): Promise<void> {
    return this.#change(() => this.#engine.api.react(this.id, seq, emoji, on));
  }

  pin(seq: number, on: boolean): Promise<void> {
    return this.#change(() => this.#engine.api.pin(this.id, seq, on));
  }

  edits(seq: number): Promise<EditHistory> {
    return this.#engine.api.edits(this.id, seq);
  }

  pins(): Promise<readonly Message[]> {
    return this.#engine.api.pins(this.id);
  }

  previews(seqs: readonly number[]): Promise<PreviewList> {
    return this.#engine.api.previews(this.id, seqs);
  }

  async addMembers(users: readonly string[]): Promise<void> {
    this.#state.people.set(await this.#engine.api.addMembers(this.id, users));
  }

  async setRole(user: string, role: Role): Promise<void> {
    await this.#engine.api.setRole(this.id, user, role);
    await this.#state.people.load();
  }

  async removeMember(user: string): Promise<void> {
    await this.#engine.api.removeMember(this.id, user);
    this.#state.people.remove(user);
  }

  leave(): Promise<void> {
    return this.#engine.api.leaveRoom(this.id);
  }

  delete(): Promise<void> {
    return this.#engine.api.deleteRoom(this.id);
  }

  async #change(call: () => Promise<Message>): Promise<void> {
    const { timing, random } = this.#engine;
    const message = await persist(call, {
      attempts: timing.changeAttempts,
      patience: timing.changePatience,
      random,
    });
    if (this.info.get() !== undefined) this.#state.see(message);
  }
}
