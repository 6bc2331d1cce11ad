import type { ThreadFrame } from '../wire/protocol.ts';
import type { Message, ThreadInfo } from '../wire/rest.ts';
import { UNREAD_CAP } from '../wire/unread.ts';
import type { Api } from './api.ts';
import { ApiError, isRetryable } from './errors.ts';
import { Value } from './observable.ts';
import { Timer } from './timer.ts';

/** ms in which several reasons to read the list anew count as one. */
const GATHER = 300;
/** ms until a read that failed is tried again. */
const RETRY = 5_000;
/** Threads held; those replied to longest ago go first. */
const MAX_THREADS = 1_000;
const NONE: readonly ThreadInfo[] = [];

export interface ThreadsDeps {
  readonly api: Pick<Api, 'followedThreads' | 'readThread' | 'followThread'>;
  readonly me: () => string | undefined;
  /** Whose replies are not unread. */
  readonly blocked: () => ReadonlySet<string>;
  readonly warn: (message: string, error: unknown) => void;
}

/** The threads one follows: read when the socket is ready, moved along by frames. */
export class Threads {
  /** The one replied to last first. */
  readonly list = new Value<readonly ThreadInfo[]>(NONE);
  readonly loaded = new Value(false);
  readonly #deps: ThreadsDeps;
  /** Cursors the server was not told yet, by room and root. */
  readonly #unsaid = new Map<
    string,
    { readonly room: string; readonly root: number; readonly seq: number }
  >();
  readonly #timer = new Timer(() => {
    this.#read().catch((error: unknown) => {
      this.#deps.warn('the threads could not be read', error);
      if (this.#epoch > 0) this.#timer.ensure(RETRY);
    });
  });
  /** Grows when somebody else signs in, and from 0 at the first `ready`. */
  #epoch = 0;
  /** How many the first page holds; a change of one behind it needs all pages. */
  #page = 0;
  #wantsAll = true;

  constructor(deps: ThreadsDeps) {
    this.#deps = deps;
  }

  /** As they were at the last visit, until the server tells. */
  restore(threads: readonly ThreadInfo[]): void {
    if (this.#epoch === 0) this.list.set(threads);
  }

  onReady(): void {
    this.#epoch ||= 1;
    this.#tellReads();
    this.#wantsAll = true;
    this.#timer.set(0);
  }

  onThread({ room, thread, readSeq, following }: ThreadFrame): void {
    const known = this.#find(room, thread);
    if (!following) this.#drop((one) => isThread(one, room, thread));
    else if (known === undefined) this.#again();
    else if (readSeq > known.readSeq) this.#moveRead(known, readSeq);
  }

  /** A new message of a room. */
  onMessage(message: Message): void {
    const known = message.thread === undefined ? undefined : this.#find(message.room, message.thread);
    if (known === undefined) return;
    const { lastReply, replies = 0 } = known.message;
    if (message.seq <= (lastReply?.seq ?? 0)) return;
    const others = (lastReply?.users ?? []).filter(({ id }) => id !== message.sender.id);
    const news = {
      replies: replies + 1,
      lastReply: { seq: message.seq, at: message.at, users: [message.sender, ...others].slice(0, 5) },
    };
    const isOthers = message.sender.id !== this.#deps.me() && !this.#deps.blocked().has(message.sender.id);
    const counts = isOthers && message.seq > known.readSeq;
    const next: ThreadInfo = {
      ...known,
      message: { ...known.message, ...news },
      unread: counts ? Math.min(UNREAD_CAP, known.unread + 1) : known.unread,
    };
    this.list.set([next, ...this.list.get().filter((one) => one !== known)]);
  }

  /** A message changed: a root, or a reply that was deleted. */
  onChange({ room, seq, thread, deletedAt }: Message): void {
    const known = this.#find(room, thread ?? seq);
    if (known !== undefined && (thread === undefined || deletedAt !== undefined)) this.#again(known);
  }

  /** Somebody was blocked, or no longer is: the server counts other replies now. */
  onBlocked(): void {
    if (this.#epoch === 0) return;
    this.#wantsAll = true;
    this.#again();
  }

  /** Out of a room. */
  left(room: string): void {
    this.#drop((one) => one.room === room);
  }

  /** Read here; the server is told now, or at the next `ready`. */
  read(room: string, root: number, seq: number): void {
    const known = this.#find(room, root);
    if (known !== undefined && seq <= known.readSeq) return;
    if (known !== undefined) this.#moveRead(known, seq);
    this.#unsaid.set(`${room}:${root}`, { room, root, seq });
    this.#tellReads();
  }

  async follow(room: string, root: number, on: boolean): Promise<void> {
    await this.#deps.api.followThread(room, root, on);
    if (on) this.#again();
    else this.#drop((one) => isThread(one, room, root));
  }

  clear(): void {
    this.#epoch = 0;
    this.#timer.stop();
    this.#unsaid.clear();
    this.#page = 0;
    this.list.set(NONE);
    this.loaded.set(false);
  }

  #find(room: string, root: number): ThreadInfo | undefined {
    return this.list.get().find((one) => isThread(one, room, root));
  }

  #drop(goes: (one: ThreadInfo) => boolean): void {
    if (this.list.get().some(goes)) this.list.set(this.list.get().filter((one) => !goes(one)));
  }

  /** `known`: what has changed in the list, if it is one of it. */
  #again(known?: ThreadInfo): void {
    if (known !== undefined && this.list.get().indexOf(known) >= this.#page) this.#wantsAll = true;
    this.#timer.ensure(GATHER);
  }

  /** Never back. How many are left above it only the server knows, unless it is none. */
  #moveRead(known: ThreadInfo, readSeq: number): void {
    const isAll = readSeq >= (known.message.lastReply?.seq ?? 0);
    const next = { ...known, readSeq, unread: isAll ? 0 : known.unread };
    this.list.set(this.list.get().map((one) => (one === known ? next : one)));
    if (!isAll) this.#again(next);
  }

  #tellReads(): void {
    for (const [key, read] of this.#unsaid) {
      this.#deps.api.readThread(read.room, read.root, read.seq).then(
        () => {
          if (this.#unsaid.get(key) === read) this.#unsaid.delete(key);
        },
        (error: unknown) => {
          // Out of the room: nobody waits for it any more.
          if (error instanceof ApiError && !isRetryable(error)) this.#unsaid.delete(key);
          this.#deps.warn('a thread could not be marked as read yet', error);
        },
      );
    }
  }

  /** The first page at once; those behind it where something in them may have changed, so that nothing unread is left out. */
  async #read(): Promise<void> {
    const epoch = this.#epoch;
    const isAll = this.#wantsAll;
    this.#wantsAll = false;
    try {
      let { threads, next } = await this.#deps.api.followedThreads();
      if (!this.#isNow(epoch)) return;
      this.#page = threads.length;
      this.#show(threads, next !== undefined);
      while (isAll && next !== undefined && threads.length < MAX_THREADS) {
        const page = await this.#deps.api.followedThreads(next);
        if (!this.#isNow(epoch)) return;
        threads = [...threads, ...page.threads];
        next = page.next;
        this.#show(threads, next !== undefined);
      }
    } catch (error) {
      this.#wantsAll ||= isAll;
      throw error;
    }
  }

  #isNow(epoch: number): boolean {
    return epoch === this.#epoch && epoch !== 0;
  }

  /** What was read, each once: a thread that is replied to meanwhile moves up. `more`: those behind it stay as they were known. */
  #show(read: readonly ThreadInfo[], more: boolean): void {
    const fresh = new Map(read.map((one) => [keyOf(one), one]));
    const rest = more ? this.list.get().filter((one) => !fresh.has(keyOf(one))) : NONE;
    const unsaid = this.#unsaid.size;
    const shown = [...[...fresh.values()].map((thread) => this.#newer(thread)), ...rest];
    this.list.set(shown.slice(0, MAX_THREADS));
    this.loaded.set(true);
    if (this.#unsaid.size > unsaid) this.#tellReads();
  }

  /** A cursor that was moved on here while the list was read, or at the last visit with no server to tell. */
  #newer(thread: ThreadInfo): ThreadInfo {
    const { room, message } = thread;
    const unsaid = this.#unsaid.get(keyOf(thread))?.seq ?? 0;
    const readSeq = Math.max(unsaid, this.#find(room, message.seq)?.readSeq ?? 0);
    if (readSeq <= thread.readSeq) return thread;
    this.#unsaid.set(keyOf(thread), { room, root: message.seq, seq: readSeq });
    const isAll = readSeq >= (thread.message.lastReply?.seq ?? 0);
    return { ...thread, readSeq, unread: isAll ? 0 : thread.unread };
  }
}

const keyOf = ({ room, message }: ThreadInfo): string => `${room}:${message.seq}`;
const isThread = ({ room, message }: ThreadInfo, ofRoom: string, root: number): boolean =>
  room === ofRoom && message.seq === root;
