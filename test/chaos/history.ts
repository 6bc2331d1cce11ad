import type { Ack, Change, Overheard, Part, Recorded, Refusal, Send, Trouble } from './evidence.ts';
import type { FrameGist } from './frames.ts';
import type { Journal } from './journal.ts';

/** A message that somebody may change or react to. */
export interface Target {
  readonly room: string;
  readonly seq: number;
  readonly sender: string;
}
interface Removal {
  readonly at: number;
  readonly isClean: boolean;
}
/** Recent messages that editors choose from. */
const RECENT = 300;
/** More would all tell the same. */
const MAX_OVERHEARD = 10_000;

/** Grows while the run lasts: what the judge needs in memory, and every event in the journal. */
export class History implements Recorded {
  readonly sends: Send[] = [];
  readonly acks: Ack[] = [];
  readonly refusals: Refusal[] = [];
  readonly changes: Change[] = [];
  readonly overheard: Overheard[] = [];
  readonly troubles: Trouble[] = [];
  removals = 0;
  /** Told to readers, who then have to read the log. */
  gaps = 0;
  readonly #journal: Journal;
  readonly #started = performance.now();
  readonly #recent: Target[] = [];
  readonly #out = new Map<string, Removal>();

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** ms since the start. */
  get now(): number {
    return Math.round(performance.now() - this.#started);
  }

  /** What the judge needs of it. */
  get record(): Recorded {
    const { sends, acks, refusals, changes, overheard, troubles } = this;
    return { sends, acks, refusals, changes, overheard, troubles };
  }

  /** The latest acknowledged messages. */
  get recent(): readonly Target[] {
    return this.#recent;
  }

  sent(send: Send): void {
    this.sends.push(send);
    this.#note('send', send);
  }

  acked(ack: Omit<Ack, 'at'>): void {
    const entry = { ...ack, at: this.now };
    this.acks.push(entry);
    this.#note('ack', entry);
    this.#recent.push({ room: ack.room, seq: ack.seq, sender: ack.sender });
    if (this.#recent.length > RECENT) this.#recent.shift();
  }

  refused(refusal: Refusal): void {
    this.refusals.push(refusal);
    this.#note('refusal', refusal);
  }

  changed(change: Change): void {
    this.changes.push(change);
    this.#note('change', change);
  }

  /** The room's owner was told that the user is out; `isClean`: at the first try. */
  removed(user: string, room: string, isClean: boolean): void {
    this.removals += 1;
    this.#out.set(`${user} ${room}`, { at: this.now, isClean });
    this.#note('removed', { user, room, isClean });
  }

  /** Somebody is about to ask that the user be in again. */
  returns(user: string, room: string): void {
    this.#out.delete(`${user} ${room}`);
    this.#note('returns', { user, room });
  }

  /** Something of a room reached a user, asked for at `at` if asked for. */
  heard(user: string, who: string, what: string, room: string, at = this.now): void {
    const removal = this.#out.get(`${user} ${room}`);
    if (removal === undefined || at < removal.at || this.overheard.length >= MAX_OVERHEARD) return;
    const entry = { user, room, who, what, at, removedAt: removal.at, isClean: removal.isClean };
    this.overheard.push(entry);
    this.#note('overheard', entry);
  }

  /** Gives the end of the trouble, to be called when it is over. */
  trouble(part: Part, isDeath: boolean, name: string): () => void {
    const from = this.now;
    const trouble = { part, isDeath, name, from, to: Infinity };
    this.troubles.push(trouble);
    this.#note('trouble', { part, name });
    return () => {
      trouble.to = this.now;
      this.#note('mended', { part, name });
    };
  }

  /** The machine gave nobody a turn since `from`. */
  wasBusy(from: number): void {
    this.troubles.push({ part: 'machine', isDeath: false, name: 'machine', from, to: this.now });
    this.#note('busy', { ms: this.now - from });
  }

  /** A frame came. */
  frame(user: string, who: string, { type, rooms, seq }: FrameGist): void {
    for (const room of rooms) this.heard(user, who, type, room);
    if (type === 'gap') this.gaps += 1;
    if (seq !== undefined) this.#note('heard', { who, what: type, room: rooms[0], seq });
  }

  note(who: string, text: string): void {
    this.#note('note', { who, text });
  }

  #note(type: string, fields: object): void {
    this.#journal.add({ at: this.now, type, ...fields });
  }
}
