import type { ServerFrame } from '../../../../shared/wire/protocol.ts';
import type { Message } from '../../../../shared/wire/rest.ts';
import type { History } from './history.ts';
import type { Node } from './node.ts';
import { changesOf, stateAt } from './state.ts';

/** Reads one room through any node, believes what it is told, and has the history check all of it. */
export class Reader {
  /** Up to here nothing is missing. */
  position = 0;
  readonly #room: string;
  readonly #name: string;
  readonly #history: History;
  /** What this reader shows. */
  readonly #view = new Map<number, Message>();

  constructor(room: string, name: string, history: History) {
    this.#room = room;
    this.#name = name;
    this.#history = history;
  }

  /** As a client catches up. True when it told everything that is known. */
  async catchUp({ log }: Node): Promise<boolean> {
    const after = this.position;
    const { messages, changed, to, head } = await log.reader.log(this.#room, after);
    for (const message of [...messages, ...changed]) this.#merge(message);
    this.#arrive(to);
    return to === head;
  }

  /** As a gateway repairs: every number, without a hole. */
  async slice({ log }: Node): Promise<void> {
    const after = this.position;
    const { entries, to } = await log.reader.slice(this.#room, after, undefined);
    const seqs = entries.map(([seq]) => seq);
    if (seqs.length !== to - after || seqs.some((seq, i) => seq !== after + 1 + i))
      this.#history.violate(`${this.#name}: a slice of (${after}, ${to}] holds ${seqs.join()}`);
    for (const [seq, frame] of entries) this.frame(seq, frame);
    this.#arrive(to);
  }

  /** As a client opens a room. */
  async open({ log }: Node, limit: number): Promise<void> {
    const { messages, head, complete } = await log.reader.page(this.#room, { kind: 'newest' }, limit);
    const [from, to] = complete;
    this.#history.complete(this.#room, head, this.#name);
    const shown = new Map(messages.map((message) => [message.seq, message]));
    for (const message of messages) this.#check(message);
    this.#checkShown(shown, from, to, head);
  }

  /** A frame under the log's number, from a slice or from the bus. */
  frame(seq: number, text: string): void {
    const frame = JSON.parse(text) as ServerFrame;
    if (frame.type === 'void') return this.#history.tell(this.#room, seq, 'void');
    if (frame.type === 'message') {
      this.#history.tell(this.#room, seq, frame.id);
      return this.#merge(frame);
    }
    if (frame.type !== 'change') return this.#history.violate(`a frame of type ${frame.type}`);
    this.#history.tell(this.#room, seq, 'change');
    if (frame.message.rev < seq)
      this.#history.violate(`change ${seq} is shown with the message at ${frame.message.rev}`);
    this.#merge(frame.message);
  }

  #arrive(to: number): void {
    this.#history.complete(this.#room, to, this.#name);
    this.position = Math.max(this.position, to);
    this.#checkShown(this.#view, 1, to, to);
  }

  #merge(message: Message): void {
    this.#check(message);
    const known = this.#view.get(message.seq);
    if (known === undefined || known.rev < message.rev) this.#view.set(message.seq, message);
  }

  /** It is what stands there, in a state it once had. */
  #check(message: Message): void {
    const { seq, rev, text, deletedAt, reactions = {} } = message;
    this.#history.tell(this.#room, seq, message.id);
    const state = stateAt(this.#history, this.#room, seq, rev);
    const emojis = Object.entries(reactions).flatMap(([emoji, { users }]) =>
      users.map((user) => `${emoji} ${user}`),
    );
    const shown = { rev, text, deleted: deletedAt !== undefined, reactions: emojis.sort() };
    if (JSON.stringify(shown) !== JSON.stringify(state))
      this.#history.violate(
        `${this.#name}: ${seq} is shown as ${JSON.stringify(shown)} instead of ${JSON.stringify(state)}`,
      );
  }

  /** Every message in [from, to] is shown, and with every change up to `upTo`. */
  #checkShown(view: ReadonlyMap<number, Message>, from: number, to: number, upTo: number): void {
    for (const entry of this.#history.log(this.#room)) {
      if (entry.seq < from || entry.seq > to || (entry.kind !== 'text' && entry.kind !== 'notice')) continue;
      const message = view.get(entry.seq);
      if (message === undefined) {
        this.#history.violate(`${this.#name}: ${entry.seq} is missing in what is complete up to ${to}`);
        continue;
      }
      const missed = changesOf(this.#history, this.#room, entry.seq).find(
        ({ seq }) => seq <= upTo && seq > message.rev,
      );
      if (missed !== undefined)
        this.#history.violate(`${this.#name}: change ${missed.seq} of ${entry.seq} is missing at ${upTo}`);
    }
  }
}
