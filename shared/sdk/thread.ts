import { findMessage, mergeMessages, renameSender, sortBySeq } from '../wire/merge.ts';
import type { Message, MessagePage, UserSummary } from '../wire/rest.ts';
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
}

/** One thread that was opened: its root and its replies, read once and after each reconnect, kept up by the room's frames. */
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

  constructor(deps: ThreadStateDeps) {
    this.#deps = deps;
    this.root = deps.root;
  }

  /** Reads the newest replies, also where some are held: what was missed meanwhile is among them. */
  open(): Promise<void> {
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
      const page = await this.#deps.fetch(this.#from);
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

  rename(user: UserSummary): void {
    this.#replies = renameSender(this.#replies, user);
    const root = this.message.get();
    if (root !== undefined) this.message.set(renameSender([root], user)[0]);
    this.timeline.invalidate();
  }

  async #load(): Promise<void> {
    try {
      const page = await this.#deps.fetch(undefined);
      const [from, to] = page.complete;
      const first = from > to ? this.root : from;
      // Older ones than this page has may lack what happened since: they are read again when they are scrolled to.
      this.#replies = this.#replies.filter(({ seq }) => seq >= first);
      this.#from = first;
      this.#take(page.messages);
      this.#error = undefined;
    } catch (error) {
      this.#error = error instanceof Error ? error.message : String(error);
      throw error;
    }
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
