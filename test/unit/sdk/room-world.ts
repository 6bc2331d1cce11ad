/** One room of the engine against a server in memory, where everything on its way arrives when the test says so. */
import type { Engine } from '../../../shared/sdk/engine.ts';
import { RoomState } from '../../../shared/sdk/room.ts';
import { DEFAULT_TIMING } from '../../../shared/sdk/timing.ts';
import type { Message, Room } from '../../../shared/wire/rest.ts';
import { FakeRoom } from '../../support/fake-rooms.ts';

const ME = { id: 'me', username: 'me', displayName: 'Me' };
const OTHER = { id: 'other', username: 'other', displayName: 'Other' };
const RUDE = { id: 'rude', username: 'rude', displayName: 'Rude' };
/** Messages in a page, numbers in an answer of the log: small, so that a room is never held whole by chance. */
const PAGE = 3;
const SLICE = 4;
/** Waits that are over only when the test hurries. */
const NEVER = 3_600_000;
const WAITS = { repairDelay: NEVER, repairRetry: 0, repairRetryMax: 0, repairSlow: 0 };

type Frame =
  | { readonly type: 'log'; readonly seq: number; readonly of: number; readonly message: Message | undefined }
  | { readonly type: 'read'; readonly seq: number };

export class RoomWorld {
  readonly server = new FakeRoom('group', 'plans', [ME, OTHER, RUDE]);
  readonly state: RoomState;
  /** Published and not delivered. */
  frames: Frame[] = [];
  /** Numbers of the messages that were told of as new, in that order. */
  readonly arrived: number[] = [];
  readonly #answers: (() => void)[] = [];
  readonly #summaries: Room[] = [];
  #told: number[] = [];
  #stale = true;
  #posts = 0;

  constructor() {
    const later = <T>(value: T): Promise<T> =>
      new Promise((resolve) => this.#answers.push(() => resolve(value)));
    const api = {
      page: (_id: string, query: object) =>
        later(this.server.page(new URLSearchParams({ ...query, limit: String(PAGE) } as never))),
      log: (_id: string, after: number) => later(this.server.logAfter(after, SLICE)),
      members: () => Promise.resolve([]),
    };
    const engine = {
      ...{ api, me: () => ME, outbox: () => undefined, send: () => true },
      blocked: () => this.server.blocked,
      ...{ warn: () => undefined, random: () => 0, timing: { ...DEFAULT_TIMING, ...WAITS } },
    } as unknown as Engine;
    this.state = new RoomState(this.server.id, {
      engine,
      cursors: { read: (_id: string, seq: number) => this.#told.push(seq), got: () => undefined } as never,
      threads: {} as never,
      onChange: () => undefined,
      onStale: () => (this.#stale = true),
      onLacks: () => undefined,
      onOpen: () => undefined,
      onKeep: () => undefined,
      onKeepThread: () => undefined,
      onArrival: ({ messages }) => this.arrived.push(...messages.map(({ seq }) => seq)),
    });
  }

  post(fields: Partial<Message>): void {
    const sender = fields.sender ?? OTHER;
    const { message } = this.server.post(sender, `c${(this.#posts += 1)}`, 'text', fields);
    this.frames.push({ type: 'log', seq: message.seq, of: message.seq, message });
  }

  postMine(): void {
    this.post({ sender: ME });
  }

  postRude(): void {
    this.post({ sender: RUDE, mentions: [ME.id] });
  }

  /** Blocks somebody, or takes it back. */
  block(): void {
    if (!this.server.blocked.delete(RUDE.id)) this.server.blocked.add(RUDE.id);
    this.state.summary.onBlocked();
  }

  change(nth: number, fields: Partial<Message>): void {
    const message = this.server.all()[nth];
    if (message === undefined) return;
    const { seq } = this.server.edit(message.seq, fields);
    this.frames.push({ type: 'log', seq, of: message.seq, message: this.server.messages.get(message.seq) });
  }

  addVoid(): void {
    const { seq } = this.server.addVoid();
    this.frames.push({ type: 'log', seq, of: seq, message: undefined });
  }

  deliver(nth: number, keep: boolean): void {
    const frame = this.frames[nth];
    if (frame === undefined) return;
    if (!keep) this.frames.splice(nth, 1);
    const { id: room } = this.server;
    if (frame.type === 'read') this.state.onRead({ type: 'read', room, user: ME.id, seq: frame.seq });
    else if (frame.message === undefined) this.state.log.hear(frame.seq);
    else if (frame.of === frame.seq) this.state.onMessage(frame.message);
    else this.state.onChange({ type: 'change', room, seq: frame.seq, message: frame.message });
  }

  /** This device's cursor reaches the server, which tells the others, this one included. */
  hearCursor(): void {
    const seq = this.#told.shift();
    if (seq !== undefined) this.readElsewhere(seq);
  }

  readElsewhere(seq: number): void {
    const member = this.server.members.get(ME.id)!;
    if (seq <= member.readSeq || seq > this.server.head) return;
    member.readSeq = seq;
    this.frames.push({ type: 'read', seq });
  }

  askSummary(): void {
    if (!this.#stale || this.#summaries.length > 0) return;
    this.#stale = false;
    this.#summaries.push(this.server.summary(ME.id));
  }

  answerSummary(): void {
    const summary = this.#summaries.shift();
    if (summary !== undefined) this.state.adopt(summary);
  }

  answerRead(): void {
    this.#answers.shift()?.();
  }

  open(): void {
    void this.state.open();
  }

  loadOlder(): void {
    void this.state.loading.older();
  }

  unload(): void {
    this.state.unload();
  }

  /** What was on its way is lost; a room that was named is replayed. */
  reconnect(): void {
    const have = this.state.log.view.known ?? this.server.head;
    this.frames = this.server.log.slice(have).map(({ seq, of = seq }) => {
      return { type: 'log', seq, of, message: this.server.messages.get(of) } as const;
    });
    this.state.resume(this.server.head, this.server.members.get(ME.id)!.readSeq, {
      ...{ isMissed: false, isFirst: false },
    });
  }

  /** Everything arrives and is answered until nobody asks for more. */
  async settle(): Promise<void> {
    while (this.frames.length > 0) this.deliver(0, false);
    for (let idle = 0; idle < 3; idle += 1) {
      if (this.#isBusy()) idle = 0;
      this.state.log.tell(this.server.head, true);
      while (this.#told.length > 0) this.hearCursor();
      while (this.frames.length > 0) this.deliver(0, false);
      while (this.#answers.length > 0) this.answerRead();
      this.askSummary();
      this.answerSummary();
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  }

  #isBusy(): boolean {
    return this.#stale || this.#summaries.length + this.#answers.length + this.frames.length > 0;
  }
}
