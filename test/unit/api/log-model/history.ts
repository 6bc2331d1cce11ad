import type { LogEntry } from '../../../../api/store/log.ts';

/**
 * What anyone was told, held against what comes later. Knows the log only by what landed in the store, each entry as it
 * was then.
 */
export class History {
  /** Room → seq → the entry that landed there first. */
  readonly landed = new Map<string, Map<number, LogEntry>>();
  /** Room → the highest number up to which somebody was told that nothing is open. */
  readonly #complete = new Map<string, number>();
  /** `room:seq` → what somebody was told stands there. */
  readonly #told = new Map<string, string>();
  readonly #trace: string[] | undefined;
  readonly #now: () => number;
  /** The first broken promise: whatever follows may follow from it. */
  violation: string | undefined;

  constructor(now: () => number, isTraced: boolean) {
    this.#now = now;
    this.#trace = isTraced ? [] : undefined;
  }

  get story(): string {
    return (this.#trace ?? []).join('\n');
  }

  note(what: () => string): void {
    this.#trace?.push(`${String(Math.round(this.#now())).padStart(6)} ${what()}`);
  }

  violate(what: string): void {
    this.note(() => `VIOLATION ${what}`);
    this.violation ??= what;
  }

  entry(room: string, seq: number): LogEntry | undefined {
    return this.landed.get(room)?.get(seq);
  }

  /** All that landed in a room, by seq. */
  log(room: string): readonly LogEntry[] {
    return [...(this.landed.get(room)?.values() ?? [])].sort((a, b) => a.seq - b.seq);
  }

  land(entry: LogEntry): void {
    const { room, seq } = entry;
    this.note(() => `  landed ${nameOf(entry)}`);
    if ((this.#complete.get(room) ?? 0) >= seq)
      this.violate(`${nameOf(entry)} landed below a head that somebody was told`);
    const log = this.landed.get(room) ?? new Map<number, LogEntry>();
    if (log.has(seq)) this.violate(`${nameOf(entry)} landed where something stands`);
    this.landed.set(room, log.set(seq, entry));
    this.#agree(room, seq, identityOf(entry));
  }

  /** Somebody was told that up to `head` nothing is open. */
  complete(room: string, head: number, by: string): void {
    if (head <= (this.#complete.get(room) ?? 0)) return;
    this.note(() => `  ${by} tells head ${head} of ${roomOf(room)}`);
    const log = this.landed.get(room);
    for (let seq = (this.#complete.get(room) ?? 0) + 1; seq <= head; seq++)
      if (log?.has(seq) !== true) this.violate(`${by} tells a head of ${head}, but ${seq} is open`);
    this.#complete.set(room, head);
  }

  /** Somebody was told what stands at a number: a message's id, `change` or `void`. */
  tell(room: string, seq: number, what: string): void {
    const stands = this.entry(room, seq);
    if (stands === undefined) return this.violate(`${what} is told at ${seq}, where nothing stands yet`);
    this.#agree(room, seq, what);
    if (identityOf(stands) !== what)
      this.violate(`${what} is told at ${seq}, where ${nameOf(stands)} stands`);
  }

  #agree(room: string, seq: number, what: string): void {
    const key = `${room}:${seq}`;
    const known = this.#told.get(key);
    if (known !== undefined && known !== what)
      this.violate(`${seq} was told as ${known}, and now as ${what}`);
    this.#told.set(key, what);
  }
}

const roomOf = (room: string): string => room.slice(0, 1);
/** What a reader knows of a number: which message, or that it is a change or a void. */
export const identityOf = (entry: LogEntry): string =>
  entry.kind === 'change' || entry.kind === 'void' ? entry.kind : entry.id;
export const nameOf = (entry: LogEntry): string =>
  `${roomOf(entry.room)}${entry.seq} ${entry.kind} ${entry.clientId ?? entry.action?.type ?? ''} ${entry.text ?? ''}${
    entry.of === undefined ? '' : `of ${entry.of} after ${entry.prev}`
  }`;
