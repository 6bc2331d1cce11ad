import { findMessage } from '../wire/merge.ts';
import type { Message } from '../wire/rest.ts';
import { Value } from './observable.ts';
import { Timer } from './timer.ts';

/** Messages remembered; those asked for longest ago go first. */
const MAX_HELD = 500;
/** Of one call. */
const MAX_ASKED = 100;
/** ms in which what is asked for goes together. */
const GATHER = 30;

export interface QuotesDeps {
  readonly fetch: (seqs: readonly number[]) => Promise<readonly Message[]>;
  /** What the room's view holds. */
  readonly held: () => readonly Message[];
  readonly warn: (message: string, error: unknown) => void;
}

/** Messages that others quote, wherever they stand: fetched in one call where they are not loaded, kept up by changes. */
export class Quotes {
  /** By seq; null: there is no such message (any more). */
  readonly messages = new Value<ReadonlyMap<number, Message | null>>(new Map());
  readonly #deps: QuotesDeps;
  readonly #wanted = new Set<number>();
  /** Held, and maybe changed unheard since. */
  readonly #doubted = new Set<number>();
  /** Out of the room: there is nobody to ask. */
  #ended = false;
  readonly #timer = new Timer(() => {
    this.#fetch().catch((error: unknown) => {
      this.#deps.warn('quoted messages could not be read', error);
    });
  });

  constructor(deps: QuotesDeps) {
    this.#deps = deps;
  }

  want(seq: number): void {
    if (this.#ended || this.messages.get().has(seq) || this.#wanted.has(seq)) return;
    const held = findMessage(this.#deps.held(), seq);
    if (held === undefined) this.#ask([seq]);
    else this.#put([[seq, held]]);
  }

  /** The room's numbers went on unheard: what is held may be old. Where somebody looks it stays until it is read anew. */
  doubt(): void {
    if (!this.messages.observed) {
      this.messages.set(new Map());
      return;
    }
    for (const seq of this.messages.get().keys()) this.#doubted.add(seq);
    this.again();
  }

  /** The server can be reached: what could not be read anew is. */
  again(): void {
    if (this.#doubted.size > 0) this.#ask([...this.#doubted].toReversed());
  }

  /** A message as it now stands. */
  see(message: Message): void {
    const known = this.messages.get().get(message.seq);
    if (known !== undefined && message.rev > (known?.rev ?? 0)) this.#put([[message.seq, message]]);
  }

  /** In the room, again perhaps. */
  begin(): void {
    this.#ended = false;
  }

  /** Out of the room: what is still drawn of it asks for nothing. */
  end(): void {
    this.#ended = true;
    this.#timer.stop();
    this.#wanted.clear();
    this.#doubted.clear();
    this.messages.set(new Map());
  }

  #ask(seqs: readonly number[]): void {
    for (const seq of seqs) this.#wanted.add(seq);
    this.#timer.ensure(GATHER);
  }

  async #fetch(): Promise<void> {
    const seqs = [...this.#wanted].slice(0, MAX_ASKED);
    if (seqs.length === 0) return;
    // Asked for anew when it is drawn anew, should this fail.
    for (const seq of seqs) this.#wanted.delete(seq);
    if (this.#wanted.size > 0) this.#timer.ensure(GATHER);
    const found = new Map((await this.#deps.fetch(seqs)).map((message) => [message.seq, message]));
    for (const seq of seqs) this.#doubted.delete(seq);
    this.#put(seqs.map((seq) => [seq, newerOf(found.get(seq), this.messages.get().get(seq))]));
  }

  #put(entries: readonly (readonly [number, Message | null])[]): void {
    const next = [...new Map([...this.messages.get(), ...entries])];
    this.messages.set(new Map(next.slice(-MAX_HELD)));
  }
}

/** What was read may be older than what was heard meanwhile. */
function newerOf(read: Message | undefined, known: Message | null | undefined): Message | null {
  if (read === undefined) return null;
  return known !== undefined && known !== null && known.rev > read.rev ? known : read;
}
