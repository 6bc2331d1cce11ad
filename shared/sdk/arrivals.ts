import type { Message, Room } from '../wire/rest.ts';

/** The newest that are told of at one time. */
const MOST = 200;

/** What is new in a room since the last time. */
export interface Arrival {
  readonly room: string;
  /** Ascending by seq: of others and one's own, text and notices, in the room and in its threads; each is told of once. */
  readonly messages: readonly Message[];
  /** How many more messages name the reader among those that went by without being read here. */
  readonly mentions: number;
}

/**
 * What came into one room since the first connection, told as the position passes it: live, replayed or read from the log, in
 * the room's order, each message once. Of a hole in a room that is only listed, the server's summary tells what there is to
 * say: the last message and how many name the reader.
 */
export class Arrivals {
  readonly #tell: (news: Omit<Arrival, 'room'>) => void;
  /** Heard above the position. */
  readonly #ahead = new Map<number, Message>();
  #upTo: number | undefined;
  /** Where the position's last step began. */
  #from: number | undefined;
  /** The newest told of. */
  #told = 0;
  #hole: { readonly from: number; readonly to: number; readonly mentions: number } | undefined;

  constructor(tell: (news: Omit<Arrival, 'room'>) => void) {
    this.#tell = tell;
  }

  /** The first connection: what is there already is no news. */
  begin(head: number): void {
    this.#upTo = Math.max(this.#upTo ?? 0, head);
    this.#ahead.clear();
  }

  /** A message as it stands now, of a frame; before the position takes its number. */
  hear(message: Message): void {
    const { seq } = message;
    if (seq <= (this.#upTo ?? 0)) return;
    if (this.#ahead.size < MOST || this.#ahead.has(seq)) this.#ahead.set(seq, message);
  }

  /** Nothing up to `known` is missing; `held` are the messages of the view. */
  advance(known: number, held: readonly Message[]): void {
    const from = this.#upTo;
    if (known <= (from ?? -1)) return;
    this.#from = from;
    this.#upTo = known;
    const news = new Map(from === undefined ? [] : newest(held, from, known));
    for (const [seq, message] of this.#ahead) {
      if (seq > known) continue;
      news.set(seq, message);
      this.#ahead.delete(seq);
    }
    const messages = [...news.values()].sort((a, b) => a.seq - b.seq).slice(-MOST);
    if (messages.length > 0) this.#say(messages);
  }

  /** The last step went over numbers whose messages are not held. */
  passed(me: Room['me'] | undefined): void {
    const [from, to] = [this.#hole?.from ?? this.#from, this.#upTo];
    if (from === undefined || to === undefined) return;
    this.#hole = { from, to, mentions: this.#hole?.mentions ?? me?.mentions ?? 0 };
  }

  /** What the server says of the room now. */
  adopt({ head, lastMessage, me }: Room): void {
    const hole = this.#hole;
    if (hole === undefined || head < hole.to) return;
    this.#hole = undefined;
    const from = Math.max(hole.from, this.#told);
    const isInHole = lastMessage !== undefined && lastMessage.seq > from && lastMessage.seq <= hole.to;
    const mentions = Math.max(0, me.mentions - hole.mentions);
    if (isInHole || mentions > 0) this.#say(isInHole ? [lastMessage] : [], mentions);
  }

  clear(): void {
    this.#ahead.clear();
    this.#upTo = undefined;
    this.#from = undefined;
    this.#told = 0;
    this.#hole = undefined;
  }

  #say(messages: readonly Message[], mentions = 0): void {
    this.#told = Math.max(this.#told, messages.at(-1)?.seq ?? 0);
    this.#tell({ messages, mentions });
  }
}

/** Of the numbers above `from` and up to `to`. */
function newest(held: readonly Message[], from: number, to: number): (readonly [number, Message])[] {
  const found: (readonly [number, Message])[] = [];
  for (let at = held.length - 1; at >= 0 && found.length < MOST; at -= 1) {
    const message = held[at];
    if (message === undefined || message.seq <= from) break;
    if (message.seq <= to) found.push([message.seq, message]);
  }
  return found;
}
