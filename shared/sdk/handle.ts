import type { Attachment, Message, PatchRoomBody, PreviewList, Role } from '../wire/rest.ts';
import type { Engine } from './engine.ts';
import { ApiError } from './errors.ts';
import { persist } from './persist.ts';
import { randomId } from './random-id.ts';
import type { RoomState } from './room.ts';
import type { RoomHandle, SendOptions, UploadOptions } from './types.ts';

/** What a user interface may do with one room. */
export class Handle implements RoomHandle {
  readonly id: string;
  readonly info: RoomHandle['info'];
  readonly timeline: RoomHandle['timeline'];
  readonly members: RoomHandle['members'];
  readonly typing: RoomHandle['typing'];
  readonly #state: RoomState;
  readonly #engine: Engine;
  #typedAt = -Infinity;

  constructor(state: RoomState, engine: Engine) {
    this.id = state.id;
    this.info = state.summary.info;
    this.timeline = state.timeline;
    this.members = state.people.members;
    this.typing = state.people.typing.users;
    this.#state = state;
    this.#engine = engine;
  }

  open(): Promise<void> {
    return this.#state.open();
  }

  loadOlder(): Promise<void> {
    return this.#state.loadOlder();
  }

  loadNewer(): Promise<void> {
    return this.#state.loadNewer();
  }

  jump(seq: number): Promise<void> {
    return this.#state.log.jump(seq);
  }

  leaveHistory(): void {
    this.#state.log.leaveHistory();
  }

  loadMembers(): Promise<void> {
    return this.#state.people.load();
  }

  send(text: string, options: SendOptions = {}): string {
    const outbox = this.#engine.outbox();
    if (outbox === undefined) throw new ApiError('unauthorized', 'You are signed out.', { status: 401 });
    const clientId = randomId();
    const { replyTo, attachments = [] } = options;
    const reply = replyTo === undefined ? {} : { replyTo };
    const files = attachments.length === 0 ? {} : { attachments };
    outbox.add({ clientId, room: this.id, text, at: new Date().toISOString(), ...reply, ...files });
    return clientId;
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
