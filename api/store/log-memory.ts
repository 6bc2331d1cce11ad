import {
  isMessage,
  type Following,
  type InsertOutcome,
  type LogEntry,
  type LogPlace,
  type LogStore,
  type RoomHint,
  type Tally,
} from './log.ts';
import { tally } from './tally.ts';

/** The log store's memory twin, for unit tests: the same indexes, no durability. */
export class MemoryLogStore implements LogStore {
  readonly #rooms = new Map<string, Map<number, LogEntry>>();
  readonly #hints = new Map<string, RoomHint>();

  async insert(entries: readonly LogEntry[]): Promise<readonly InsertOutcome[]> {
    return entries.map((entry) => this.#insertOne(entry));
  }

  async at(room: string, seqs: readonly number[]): Promise<readonly LogEntry[]> {
    const log = this.#log(room);
    return seqs.flatMap((seq) => log.get(seq) ?? []);
  }

  async bySender(room: string, sender: string, clientId: string): Promise<LogEntry | undefined> {
    return this.#sorted(room).find((entry) => entry.sender === sender && entry.clientId === clientId);
  }

  async among(places: readonly LogPlace[]): Promise<readonly LogEntry[]> {
    return places.flatMap(({ room, seq }) => this.#rooms.get(room)?.get(seq) ?? []);
  }

  async range(room: string, from: number, to: number, limit: number): Promise<readonly LogEntry[]> {
    return this.#between(room, from, to).slice(0, limit);
  }

  async messages(
    room: string,
    from: number,
    to: number,
    order: 1 | -1,
    limit: number,
  ): Promise<readonly LogEntry[]> {
    const found = this.#between(room, from, to).filter(isMessage);
    return (order === 1 ? found : found.reverse()).slice(0, limit);
  }

  async pinned(room: string, limit: number): Promise<readonly LogEntry[]> {
    const at = ({ pinnedAt }: LogEntry): number => pinnedAt?.getTime() ?? 0;
    return this.#sorted(room)
      .filter(({ pinnedAt }) => pinnedAt !== undefined)
      .sort((a, b) => at(b) - at(a))
      .slice(0, limit);
  }

  async thread(room: string, root: number, to: number, limit: number): Promise<readonly LogEntry[]> {
    return this.#between(room, root, to)
      .filter((entry) => isMessage(entry) && (entry.seq === root || entry.thread === root))
      .slice(-limit);
  }

  async edits(room: string, of: number, limit: number): Promise<readonly LogEntry[]> {
    return this.#sorted(room)
      .filter((entry) => entry.of === of && entry.action?.type === 'edit')
      .slice(-limit);
  }

  async tallies(room: string, roots: readonly number[], head: number): Promise<ReadonlyMap<number, Tally>> {
    const counts = (entry: LogEntry): boolean =>
      entry.kind === 'text' && (entry.deletedAt === undefined || entry.rev > head);
    const wanted = new Set(roots);
    return tally(
      this.#between(room, 1, head).flatMap((entry) =>
        entry.thread !== undefined && wanted.has(entry.thread) && counts(entry)
          ? [{ root: entry.thread, sender: entry.sender ?? '', replies: 1, seq: entry.seq, at: entry.at }]
          : [],
      ),
    );
  }

  async countReplies(
    room: string,
    root: number,
    user: string,
    readSeq: number,
    cap: number,
    without: readonly string[] = [],
  ): Promise<number> {
    const counts = (entry: LogEntry): boolean =>
      entry.kind === 'text' &&
      entry.thread === root &&
      entry.sender !== user &&
      !without.includes(entry.sender ?? '') &&
      entry.deletedAt === undefined;
    return Math.min(cap, this.#between(room, readSeq + 1, Infinity).filter(counts).length);
  }

  async seqsAbove(room: string, seq: number, limit: number): Promise<readonly number[]> {
    return this.#between(room, seq + 1, Infinity)
      .slice(0, limit)
      .map((entry) => entry.seq);
  }

  async highest(room: string): Promise<number> {
    return Math.max(this.#hints.get(room)?.firstSeq ?? 0, ...this.#log(room).keys());
  }

  async hints(rooms: readonly string[]): Promise<ReadonlyMap<string, RoomHint>> {
    return new Map(rooms.map((room) => [room, this.#hints.get(room) ?? { firstSeq: 0, lastSeq: 0 }]));
  }

  async raiseHints(hints: ReadonlyMap<string, RoomHint>): Promise<void> {
    for (const [room, hint] of hints) {
      const known = this.#hints.get(room);
      if (hint.lastSeq > (known?.lastSeq ?? 0)) this.#hints.set(room, { ...known, ...hint });
    }
  }

  async pending(rooms: readonly string[], limit: number): Promise<readonly LogEntry[]> {
    return rooms.flatMap((room) => this.#sorted(room).filter((entry) => entry.pending)).slice(0, limit);
  }

  async follow(followings: readonly Following[]): Promise<void> {
    for (const { change, message } of followings) {
      const log = this.#log(change.room);
      if (message !== undefined && log.get(message.seq)?.rev === change.prev) log.set(message.seq, message);
      if (change.action?.type === 'delete') {
        this.#blank(log, change);
        this.#forget(change);
      }
      const stored = log.get(change.seq);
      if (stored?.id !== change.id) continue;
      const { pending: _, ...followed } = stored;
      log.set(change.seq, followed);
    }
  }

  async countUnread(
    room: string,
    user: string,
    readSeq: number,
    head: number,
    cap: number,
    mentionsOnly: boolean,
    without: readonly string[] = [],
  ): Promise<number> {
    const counts = (entry: LogEntry): boolean =>
      entry.kind === 'text' &&
      entry.sender !== user &&
      !without.includes(entry.sender ?? '') &&
      entry.thread === undefined &&
      entry.deletedAt === undefined &&
      (!mentionsOnly || (entry.mentions ?? []).some((who) => who === user || who === 'room'));
    return Math.min(cap, this.#between(room, readSeq + 1, head).filter(counts).length);
  }

  async deleteRoom(room: string): Promise<void> {
    this.#rooms.delete(room);
    this.#hints.delete(room);
  }

  /** Which unique index an entry meets; `stored`: none. */
  protected judge(entry: LogEntry, log: ReadonlyMap<number, LogEntry>): InsertOutcome {
    const others = [...log.values()];
    if (log.has(entry.seq) || others.some((other) => other.id === entry.id)) return 'taken';
    if (
      entry.clientId !== undefined &&
      others.some((o) => o.sender === entry.sender && o.clientId === entry.clientId)
    )
      return 'duplicate';
    if (entry.prev !== undefined && others.some((o) => o.of === entry.of && o.prev === entry.prev))
      return 'conflict';
    return 'stored';
  }

  #insertOne(entry: LogEntry): InsertOutcome {
    const log = this.#log(entry.room);
    const outcome = this.judge(entry, log);
    if (outcome === 'stored') log.set(entry.seq, entry);
    return outcome;
  }

  /** The hint's copy of a deleted message. */
  #forget({ room, of }: LogEntry): void {
    const hint = this.#hints.get(room);
    const last = hint?.lastMessage;
    if (hint === undefined || last === undefined || last.seq !== of) return;
    this.#hints.set(room, { ...hint, lastMessage: { ...last, text: '' } });
  }

  #blank(log: Map<number, LogEntry>, { of, seq }: LogEntry): void {
    for (const entry of [...log.values()]) {
      if (entry.kind !== 'change' || entry.of !== of || entry.seq > seq) continue;
      const { was: _, ...rest } = entry;
      const action = entry.action?.type === 'edit' ? { ...entry.action, text: '' } : entry.action;
      log.set(entry.seq, { ...rest, ...(action === undefined ? {} : { action }) });
    }
  }

  #log(room: string): Map<number, LogEntry> {
    const log = this.#rooms.get(room) ?? new Map<number, LogEntry>();
    this.#rooms.set(room, log);
    return log;
  }

  #sorted(room: string): LogEntry[] {
    return [...this.#log(room).values()].sort((a, b) => a.seq - b.seq);
  }

  #between(room: string, from: number, to: number): LogEntry[] {
    return this.#sorted(room).filter((entry) => entry.seq >= from && entry.seq <= to);
  }
}
