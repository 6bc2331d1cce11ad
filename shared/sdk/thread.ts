import { findMessage, mergeMessages, renameSender, sortBySeq } from '../wire/merge.ts';
import type { Message, MessagePage, UserSummary } from '../wire/rest.ts';
import { ApiError } from './errors.ts';
import { cutThread, type KeptThread } from './kept-thread.ts';
import { Derived, Value } from './observable.ts';
import type { OutboxRow } from './outbox.ts';
import { buildItems, EMPTY_TIMELINE, sameTimeline, type TimelineParts } from './timeline.ts';
import type { SendOptions, ThreadHandle, Timeline } from './types.ts';

/** Replies held; beyond it the oldest are let go. */
const MAX_REPLIES = 5_000;

export interface ThreadStateDeps {
  readonly room: string;
  readonly root: number;
  /** The root and its newest replies, or those before a reply. */
  readonly fetch: (before: number | undefined) => Promise<MessagePage>;
  readonly rows: () => readonly OutboxRow[];
  readonly acked: () => readonly Message[];
  readonly parts: () => Pick<TimelineParts, 'me' | 'thresholds'>;
  readonly send: ThreadHandle['send'];
  readonly read: (seq: number) => void;
  readonly follow: (on: boolean) => Promise<void>;
  /** What is worth keeping until the next visit changed. */
  readonly onKeep: () => void;
}

/**
 * One thread that was opened: its root and its replies, read once and after each reconnect, kept up by the room's frames. What
 * is known of it before is shown until then: what the room holds, and what was kept from the last visit.
 */
export class ThreadState implements ThreadHandle {
  readonly root: number;
  readonly message = new Value<Message | undefined>(undefined);
  readonly timeline = new Derived<Timeline>(EMPTY_TIMELINE, (before) => this.#build(before));
  readonly #deps: ThreadStateDeps;
  #replies: readonly Message[] = [];
  /** Every reply from here on is held; undefined before the first page. */
  #from: number | undefined;
  #loading: Promise<void> | undefined;
  #loadingOlder = false;
  #error: string | undefined;
  /** When it was looked at last; undefined: never. */
  #at: number | undefined;
  /** What was kept from the last visit, and the server has not said again. */
  #kept: ReadonlySet<Message> = new Set();
  /** Something of it may have changed unheard. */
  #doubted = false;

  constructor(deps: ThreadStateDeps) {
    this.#deps = deps;
    this.root = deps.root;
  }

  /** Reads the newest replies, also where some are held: what was missed meanwhile is among them. */
  open(): Promise<void> {
    this.#at = Date.now();
    this.#keep();
    return this.refresh();
  }

  /** The same although nobody looks at it. */
  refresh(): Promise<void> {
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined;
      this.timeline.invalidate();
    });
    this.timeline.invalidate();
    return this.#loading;
  }

  async loadOlder(): Promise<void> {
    if (this.#from === undefined || this.#from <= this.root || this.#loadingOlder) return;
    this.#loadingOlder = true;
    this.timeline.invalidate();
    try {
      const from = this.#from;
      // The newest page may bring them, or lead no further back than itself.
      await this.#loading?.catch(() => undefined);
      if (this.#from !== from) return;
      const page = await this.#deps.fetch(from);
      // The newest came meanwhile and begin elsewhere: these would leave a hole before them.
      if (this.#from !== from) return;
      this.#from = page.complete[0] > page.complete[1] ? this.root : page.complete[0];
      this.#take(page.messages);
    } finally {
      this.#loadingOlder = false;
      this.timeline.invalidate();
    }
  }

  send(text: string, options?: SendOptions): string {
    return this.#deps.send(text, options);
  }

  markRead(seq = this.#replies.at(-1)?.seq): void {
    if (seq !== undefined) this.#deps.read(seq);
  }

  follow(on: boolean): Promise<void> {
    return this.#deps.follow(on);
  }

  /** A message as it now stands, in whatever way it came. */
  see(message: Message): void {
    this.#take([message]);
  }

  /** What the room holds without a hole, from `from` on up to its newest. */
  seed(held: readonly Message[], from: number | undefined): void {
    const replies = held.filter(({ thread, seq }) => thread === this.root && seq >= (from ?? Infinity));
    const isWhole = from !== undefined && from <= this.root;
    if (isWhole || replies.length > 0) this.#from = Math.max(from ?? 0, this.root);
    this.#take([...held.filter(({ seq }) => seq === this.root), ...replies]);
  }

  /** As it was at the last visit. */
  restore({ at, message, from, replies }: KeptThread): void {
    this.#at = Math.max(at, this.#at ?? 0);
    this.#kept = new Set(replies);
    this.#from = Math.min(this.#from ?? Infinity, Math.max(from, this.root));
    this.#take(message === undefined ? replies : [message, ...replies]);
  }

  /** What is worth keeping until the next visit: of what was looked at, once there is something. */
  get worth(): KeptThread | undefined {
    if (this.#at === undefined || this.#from === undefined) return undefined;
    const message = this.message.get();
    const { root } = this;
    const { room } = this.#deps;
    return cutThread({
      ...{ room, root, at: this.#at, from: this.#from, replies: this.#replies },
      ...(message === undefined ? {} : { message }),
    });
  }

  /** The room's numbers went on unheard. */
  doubt(): void {
    this.#doubted = true;
  }

  /** When it was looked at, where it is kept and has to be read again to be right. */
  get doubtedAt(): number | undefined {
    return this.#doubted && this.#from !== undefined ? this.#at : undefined;
  }

  /** All that is held of it. */
  get held(): readonly Message[] {
    const root = this.message.get();
    return root === undefined ? this.#replies : [root, ...this.#replies];
  }

  rename(user: UserSummary): void {
    this.#replies = renameSender(this.#replies, user);
    const root = this.message.get();
    if (root !== undefined) this.message.set(renameSender([root], user)[0]);
    this.timeline.invalidate();
    this.#keep();
  }

  async #load(): Promise<void> {
    this.#doubted = false;
    try {
      const page = await this.#deps.fetch(undefined);
      const [from, to] = page.complete;
      const first = from > to ? this.root : from;
      // Older ones than this page has may lack what happened since: they are read again when they are scrolled to.
      const kept = this.#kept;
      this.#replies = this.#replies.filter((reply) => reply.seq >= first && !kept.has(reply));
      this.#kept = new Set();
      this.#from = first;
      this.#take(page.messages);
      this.#error = undefined;
    } catch (error) {
      this.#error = error instanceof Error ? error.message : String(error);
      this.#doubted = true;
      if (error instanceof ApiError && error.code === 'not_found') this.#forget();
      throw error;
    }
  }

  /** There is no such thread, or none for this reader: what was held of it goes. */
  #forget(): void {
    this.#at = undefined;
    this.#from = undefined;
    this.#replies = [];
    this.#kept = new Set();
    this.message.set(undefined);
    this.#deps.onKeep();
  }

  #take(messages: readonly Message[]): void {
    const root = messages.find(({ seq }) => seq === this.root);
    if (root !== undefined && root.rev >= (this.message.get()?.rev ?? 0)) this.message.set(root);
    const replies = messages.filter(({ thread, seq }) => thread === this.root && seq >= (this.#from ?? 0));
    this.#replies = mergeMessages(this.#replies, sortBySeq(replies));
    if (this.#replies.length > MAX_REPLIES) {
      this.#replies = this.#replies.slice(-MAX_REPLIES);
      this.#from = this.#replies[0]?.seq;
    }
    this.timeline.invalidate();
    this.#keep();
  }

  #keep(): void {
    if (this.#at !== undefined) this.#deps.onKeep();
  }

  #build(before: Timeline): Timeline {
    const acked = this.#deps
      .acked()
      .filter(({ thread, seq }) => thread === this.root && findMessage(this.#replies, seq) === undefined);
    const rows = this.#deps.rows().filter(({ entry }) => entry.thread === this.root);
    const next: Timeline = {
      ...EMPTY_TIMELINE,
      items: buildItems(before.items, { messages: this.#replies, acked, rows, ...this.#deps.parts() }),
      atStart: this.#from !== undefined && this.#from <= this.root,
      loadingOlder: this.#loadingOlder,
      loading: this.#from === undefined && this.#error === undefined,
      ...(this.#error === undefined ? {} : { error: this.#error }),
    };
    return sameTimeline(before, next) ? before : next;
  }
}
