import type { Logger } from '../../../shared/node/logger.ts';
import type { LogEntry } from '../../store/log.ts';
import type { NewFollow, ThreadStore } from '../../store/threads.ts';
import type { Signals } from '../signals.ts';

/** Replies whose followers are yet to be written; of more, those that come are passed over. */
const MAX_WAITING = 10_000;
const SLICE = 200;
/** People whom one reply can make follow by naming them. */
const MAX_MENTIONED = 50;
const ID = /^[0-9a-f]{24}$/;

/**
 * Who starts, replies in or is mentioned in a thread follows it. Written behind the reply, so that no send waits for it: a
 * node that dies in between costs somebody a badge, never a message.
 */
export class FollowWriter {
  readonly #store: Pick<ThreadStore, 'follow' | 'touch'>;
  readonly #signals: Pick<Signals, 'thread'>;
  readonly #logger: Logger;
  #waiting: { readonly reply: LogEntry; readonly root: LogEntry }[] = [];
  #running: Promise<void> | undefined;

  constructor(deps: {
    readonly store: Pick<ThreadStore, 'follow' | 'touch'>;
    readonly signals: Pick<Signals, 'thread'>;
    readonly logger: Logger;
  }) {
    this.#store = deps.store;
    this.#signals = deps.signals;
    this.#logger = deps.logger;
  }

  /** A reply was stored. */
  note(reply: LogEntry, root: LogEntry): void {
    if (this.#waiting.length >= MAX_WAITING) return;
    this.#waiting.push({ reply, root });
    this.#running ??= this.#drain().finally(() => (this.#running = undefined));
  }

  /** Resolves when all is written that can be. */
  async close(): Promise<void> {
    await this.#running;
  }

  async #drain(): Promise<void> {
    // What comes in the same turn is written together.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const replies = this.#waiting.slice(0, SLICE);
      this.#waiting = this.#waiting.slice(SLICE);
      await this.#write(replies).catch((error: unknown) =>
        this.#logger.warn({ err: error }, 'followers of a thread could not be written'),
      );
    }
  }

  async #write(replies: readonly { readonly reply: LogEntry; readonly root: LogEntry }[]): Promise<void> {
    const rows = new Map<string, NewFollow>();
    for (const { reply, root } of replies)
      for (const row of followers(reply, root)) {
        const key = `${row.room}:${row.root}:${row.user}`;
        const known = rows.get(key);
        rows.set(key, known === undefined ? row : { ...known, again: known.again || row.again });
      }
    const fresh = await this.#store.follow([...rows.values()]);
    const latest = new Map(replies.map(({ reply, root }) => [`${root.room}:${root.seq}`, reply]));
    for (const { room, thread = 0, seq, at } of latest.values())
      await this.#store.touch(room, thread, seq, at);
    for (const { user, room, root, readSeq } of fresh)
      await this.#signals.thread(user, { room, thread: root, readSeq, following: true });
  }
}

/** Who follows from this reply on; the cursor of each stands where what they have not seen begins. */
export function followers(reply: LogEntry, root: LogEntry): NewFollow[] {
  const { room, seq, at, sender } = reply;
  const base = { room, root: root.seq, at };
  const mentioned = (reply.mentions ?? []).filter((user) => ID.test(user)).slice(0, MAX_MENTIONED);
  const rows = [
    ...(sender === undefined ? [] : [{ ...base, user: sender, readSeq: seq, again: true }]),
    ...(root.sender === undefined || root.kind !== 'text'
      ? []
      : [{ ...base, user: root.sender, readSeq: root.seq, again: false }]),
    ...mentioned.map((user) => ({ ...base, user, readSeq: seq - 1, again: false })),
  ];
  return rows.filter(({ user }, i) => rows.findIndex((row) => row.user === user) === i);
}
