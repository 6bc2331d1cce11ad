/** A room's log as a server would hold it, for judging views: numbers are decided one by one, in any order. */
import type { LogPage, Message, MessagePage } from '../../../shared/wire/rest.ts';

export type Entry =
  | { readonly kind: 'message' }
  | { readonly kind: 'void' }
  /** Changes the message at `of`; a void where there is none. */
  | { readonly kind: 'change'; readonly of: number };

export interface Fact {
  readonly seq: number;
  readonly message: Message | undefined;
}

export class LogModel {
  readonly #entries: readonly Entry[];
  readonly #decided = new Set<number>();
  readonly #messages = new Map<number, Message>();
  /** What each number brought, as published when it was decided. */
  readonly facts = new Map<number, Fact>();

  constructor(entries: readonly Entry[]) {
    this.#entries = entries;
  }

  get size(): number {
    return this.#entries.length;
  }

  /** Nothing at or below it is undecided. */
  get head(): number {
    let head = 0;
    while (this.#decided.has(head + 1)) head += 1;
    return head;
  }

  get counter(): number {
    return Math.max(0, ...this.#decided);
  }

  decide(seq: number): void {
    const entry = this.#entries[seq - 1];
    if (entry === undefined || this.#decided.has(seq)) return;
    this.#decided.add(seq);
    this.facts.set(seq, { seq, message: this.#apply(seq, entry) });
  }

  newest(limit: number): MessagePage {
    return this.#page(limit, this.head);
  }

  before(seq: number, limit: number): MessagePage {
    return this.#page(limit, seq - 1);
  }

  after(seq: number, limit: number): MessagePage {
    const newer = this.read(seq + 1);
    const messages = newer.slice(0, limit);
    const to = messages.length < newer.length ? (messages.at(-1)?.seq ?? seq) : this.head;
    return { messages, head: this.head, complete: to <= seq ? [1, 0] : [seq + 1, to] };
  }

  around(seq: number, limit: number): MessagePage {
    const older = this.before(seq, limit);
    const newer = this.after(seq - 1, limit);
    const messages = [...older.messages, ...newer.messages];
    const from = older.complete[0] <= older.complete[1] ? older.complete[0] : seq;
    const to = newer.complete[0] <= newer.complete[1] ? newer.complete[1] : seq - 1;
    return { messages, head: this.head, complete: to < from ? [1, 0] : [from, to] };
  }

  /** The message at `seq` as it stands: what an answer to one's own change holds. */
  state(seq: number): Message | undefined {
    return this.#messages.get(seq);
  }

  log(after: number, limit: number): LogPage {
    const to = Math.min(this.head, after + limit);
    const numbers = Array.from({ length: Math.max(0, to - after) }, (_, index) => after + 1 + index);
    const changed = new Set(
      numbers
        .map((seq) => this.#entries[seq - 1])
        .flatMap((entry) => (entry?.kind === 'change' ? [entry.of] : [])),
    );
    const at = (seqs: readonly number[]): Message[] => seqs.flatMap((seq) => this.#messages.get(seq) ?? []);
    const old = [...changed].filter((seq) => seq <= after).sort((a, b) => a - b);
    return { messages: at(numbers), changed: at(old), to: Math.max(to, after), head: this.head };
  }

  /** What a fresh reader sees of `from` to the head. */
  read(from: number): readonly Message[] {
    return [...this.#messages.values()]
      .filter((message) => message.seq >= from && message.seq <= this.head)
      .sort((a, b) => a.seq - b.seq);
  }

  #page(limit: number, to: number): MessagePage {
    const all = this.read(1).filter((message) => message.seq <= to);
    const messages = all.slice(-limit);
    const from = messages.length < all.length ? (messages[0]?.seq ?? 1) : 1;
    const { head } = this;
    return { messages, head, complete: messages.length === 0 ? [1, 0] : [from, Math.min(to, head)] };
  }

  #apply(seq: number, entry: Entry): Message | undefined {
    if (entry.kind === 'void') return undefined;
    if (entry.kind === 'message') {
      this.#messages.set(seq, textMessage(seq));
      return this.#messages.get(seq);
    }
    const before = this.#messages.get(entry.of);
    // As on the server, a change follows the state it saw: one with a lower number came too late.
    if (before === undefined || before.rev > seq || entry.of >= seq) return undefined;
    const after = { ...before, rev: seq, text: `${before.text}, changed by ${seq}` };
    this.#messages.set(entry.of, after);
    return after;
  }
}

export function textMessage(seq: number, fields: Partial<Message> = {}): Message {
  const sender = { id: 'u1', username: 'ada', displayName: 'Ada' };
  const at = '2026-11-21T00:00:00.000Z';
  return {
    room: 'r',
    seq,
    id: `m${seq}`,
    kind: 'text',
    sender,
    text: `text ${seq}`,
    at,
    rev: seq,
    ...fields,
  };
}
