import type { Message, UserSummary } from '../wire/rest.ts';
import { findMessage } from '../wire/merge.ts';
import { rangeAt } from '../wire/ranges.ts';
import type { RoomView } from '../wire/view.ts';
import type { KeptThread } from './kept-thread.ts';
import { Quotes, type QuotesDeps } from './quotes.ts';
import { ThreadState, type ThreadStateDeps } from './thread.ts';
import { threadLines, type ThreadLine } from './thread-lines.ts';

/** Threads kept; of more, those opened longest ago and not looked at go. */
const MAX_THREADS = 20;

export interface AsideDeps extends QuotesDeps {
  readonly thread: (root: number) => ThreadStateDeps;
  /** From where on `held` is whole up to the newest; undefined where it is not. */
  readonly heldFrom: () => number | undefined;
}

/** What stands beside a room's timeline: threads that were opened, the line below each root, messages that are quoted. */
export class Aside {
  readonly quotes: Quotes;
  readonly #deps: AsideDeps;
  readonly #threads = new Map<number, ThreadState>();
  #lines: ReadonlyMap<number, ThreadLine> = new Map();
  #counted: RoomView | undefined;

  constructor(deps: AsideDeps) {
    this.#deps = deps;
    this.quotes = new Quotes(deps);
  }

  thread(root: number): ThreadState {
    const known = this.#threads.get(root);
    const thread = known ?? new ThreadState(this.#deps.thread(root));
    // Who is asked for last goes last.
    this.#threads.delete(root);
    this.#threads.set(root, thread);
    if (known !== undefined) return known;
    thread.seed(this.#deps.held(), this.#deps.heldFrom());
    for (const [seq, old] of this.#threads) {
      if (this.#threads.size <= MAX_THREADS) break;
      if (!old.timeline.observed && old !== thread) this.#threads.delete(seq);
    }
    return thread;
  }

  lines(view: RoomView): ReadonlyMap<number, ThreadLine> {
    if (this.#counted?.messages === view.messages && this.#counted.ranges === view.ranges) return this.#lines;
    const whole = view.known === undefined ? undefined : rangeAt(view.ranges, view.known);
    this.#lines = threadLines(view.messages, whole?.from ?? Infinity, this.#lines);
    this.#counted = view;
    return this.#lines;
  }

  /** A message as it now stands, in whatever way it came. */
  see(message: Message): void {
    this.quotes.see(message);
    this.#threads.get(message.thread ?? message.seq)?.see(message);
  }

  /** Threads as they were at the last visit. */
  restore(threads: readonly KeptThread[]): void {
    for (const kept of threads) this.thread(kept.root).restore(kept);
  }

  /** What of a thread is worth keeping until the next visit. */
  kept(root: number): KeptThread | undefined {
    return this.#threads.get(root)?.worth;
  }

  /** The room's numbers went on unheard: what is held may be old. */
  doubt(): void {
    this.quotes.doubt();
    for (const thread of this.#threads.values()) thread.doubt();
  }

  /** Threads that are kept and have to be read again; one that is looked at is read at each connection. */
  get doubted(): readonly ThreadState[] {
    return [...this.#threads.values()].filter(
      ({ doubtedAt, timeline }) => doubtedAt !== undefined && !timeline.observed,
    );
  }

  /** Messages that only threads hold. */
  get messages(): readonly Message[] {
    const held = this.#deps.held();
    const all = [...this.#threads.values()].flatMap((thread) => thread.held);
    return all.filter(({ seq }) => findMessage(held, seq) === undefined);
  }

  /** What waits, is acknowledged or read may have changed. */
  invalidate(): void {
    for (const thread of this.#threads.values()) thread.timeline.invalidate();
  }

  rename(user: UserSummary): void {
    for (const thread of this.#threads.values()) thread.rename(user);
  }

  /** Connected again: what is looked at is read anew. */
  resume(warn: (message: string, error: unknown) => void): void {
    this.quotes.again();
    for (const thread of this.#threads.values()) {
      if (!thread.timeline.observed) continue;
      thread.open().catch((error: unknown) => {
        warn('a thread could not be read', error);
      });
    }
  }

  /** The server was set back: only what is looked at stays, until it is read anew. */
  restart(): void {
    this.quotes.end();
    this.quotes.begin();
    for (const [root, { timeline }] of this.#threads) if (!timeline.observed) this.#threads.delete(root);
    this.doubt();
  }

  clear(): void {
    this.quotes.end();
    this.#threads.clear();
    this.#lines = new Map();
    this.#counted = undefined;
  }
}

/** The messages of the main list. */
export function withoutReplies(messages: readonly Message[]): readonly Message[] {
  const isReply = ({ thread }: Message): boolean => thread !== undefined;
  return messages.some(isReply) ? messages.filter((message) => !isReply(message)) : messages;
}
