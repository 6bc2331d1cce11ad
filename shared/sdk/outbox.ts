import type { AckFrame, ClientFrame, ErrorFrame } from '../wire/protocol.ts';
import type { ErrorCode, Message, SendMessageBody } from '../wire/rest.ts';
import { ApiError } from './errors.ts';
import { Lane, type LaneDeps } from './lane.ts';
import { leaveEntries, takeEntries, type Parting } from './parting.ts';
import type { OutboxEntry, OutboxStore, Saved } from './outbox-store.ts';
import { Timer } from './timer.ts';
import type { Timing } from './timing.ts';
import { drop, markFailed, putLast, putUnlessKnown, settled, Waiting, type Change } from './waiting.ts';

/** Messages that may wait at a time, over all rooms. */
const MAX_ENTRIES = 1_000;

export interface OutboxDeps {
  readonly store: OutboxStore;
  readonly user: string;
  readonly parting: Parting | undefined;
  readonly timing: Timing;
  readonly random: () => number;
  readonly warn: (message: string, error: unknown) => void;
  /** True when the frame went out. */
  readonly send: (frame: ClientFrame) => boolean;
  readonly post: (room: string, draft: SendMessageBody) => Promise<Message>;
  /** The room's rows changed. */
  readonly onChange: (room: string) => void;
  /** The outbox knows that `clientId` now stands at `seq` in its room. */
  readonly onStored: (entry: OutboxEntry, stored: Stored) => void;
}

export interface Stored {
  readonly seq: number;
  readonly id: string;
  readonly at: string;
}

export interface OutboxRow {
  readonly entry: OutboxEntry;
  readonly sending: boolean;
}

/**
 * A user's messages that are not acknowledged yet: kept across reloads, one in flight per room, in order, again and
 * again under the same clientId until the server has said yes or no. Of several tabs one drains, all may add.
 */
export class Outbox {
  readonly #deps: OutboxDeps;
  readonly #lanes = new Map<string, Lane>();
  readonly #ended = new AbortController();
  /** The link has been away for so long that REST is tried. */
  readonly #fallback = new Timer(() => {
    this.#rest = true;
    this.#pumpAll();
  });
  #stopListening: readonly (() => void)[] = [];
  readonly #waiting = new Waiting();
  #leads = false;
  #linked = false;
  #rest = false;

  constructor(deps: OutboxDeps) {
    this.#deps = deps;
  }

  get entries(): readonly OutboxEntry[] {
    return this.#waiting.entries;
  }

  /** Reads what waits from earlier; it is sent once there is a link, or `connect` was called and none came. */
  async start(): Promise<void> {
    this.#listen();
    this.#goOn();
    this.#adopt(await this.#deps.store.read());
    if (this.#ended.signal.aborted) return;
    this.#deps.store.lead(this.#ended.signal, () => {
      this.#leads = true;
      this.#goOn();
      this.#pumpAll();
    });
  }

  #listen(): void {
    const { store, parting, user, warn } = this.#deps;
    const stopNews = store.listen((news) => {
      this.#reload(news).catch((error: unknown) => {
        warn('the outbox could not be re-read', error);
      });
    });
    // Of several tabs the one that sends; the next to lead looks for itself.
    const stopParting = parting?.listen(user, () => {
      if (this.#leads) this.#goOn();
    });
    this.#stopListening = [stopNews, ...(stopParting === undefined ? [] : [stopParting])];
  }

  /** The user is signed in: without a socket REST is used after a while. */
  connect(): void {
    if (!this.#linked && !this.#rest) this.#fallback.ensure(this.#deps.timing.restFallback);
  }

  /** The page may be gone in a moment: what is not stored by then is left where the next one finds it. */
  part(): void {
    leaveEntries(this.#deps.parting, this.#deps.user, this.#waiting.unstored);
  }

  /** Takes what a page that went could not store. One that was stored, or sent, all the same is known by its id. */
  #goOn(): void {
    for (const entry of takeEntries(this.#deps.parting, this.#deps.user))
      this.#change(entry.room, putUnlessKnown(entry));
  }

  /** Stops draining; what waits stays stored. */
  stop(): void {
    this.#ended.abort();
    for (const stop of this.#stopListening) stop();
    this.#stopListening = [];
    this.#fallback.stop();
    for (const lane of this.#lanes.values()) lane.stop();
    this.#lanes.clear();
    this.#leads = false;
  }

  rows(room: string): readonly OutboxRow[] {
    const inFlight = this.#lanes.get(room)?.inFlight;
    return this.entries
      .filter((entry) => entry.room === room)
      .map((entry) => ({ entry, sending: entry.clientId === inFlight }));
  }

  /** Puts a message in; throws `overloaded` when too many wait already. */
  add(entry: OutboxEntry): void {
    if (this.entries.length >= MAX_ENTRIES) {
      throw new ApiError('overloaded', 'Too many messages are waiting.');
    }
    this.#change(entry.room, putLast(entry));
  }

  /** Sends a failed message again, behind what waits. */
  retry(clientId: string): void {
    const entry = this.#waiting.find(clientId);
    if (entry?.failed === undefined) return;
    const { failed: _, ...fresh } = entry;
    this.#change(entry.room, putLast(fresh));
  }

  /** Forgets a message. One that is in flight may have been stored all the same. */
  discard(clientId: string): void {
    const entry = this.#waiting.find(clientId);
    if (entry === undefined) return;
    this.#lanes.get(entry.room)?.settle(clientId);
    this.#change(entry.room, drop(clientId));
  }

  onAck(ack: AckFrame): void {
    this.#settle(ack.clientId, ack);
  }

  /** One's own message was seen in the log: as good as its ack. */
  onSeen(message: Message): void {
    if (message.clientId !== undefined) this.#settle(message.clientId, message);
  }

  onError(error: ErrorFrame): void {
    const entry = error.clientId === undefined ? undefined : this.#waiting.find(error.clientId);
    if (entry === undefined) return;
    if (error.retry) this.#lanes.get(entry.room)?.later(entry.clientId, error.retryAfterMs);
    else this.#fail(entry, error.code, error.message);
  }

  /** The socket is ready, or was lost: what was in flight on it has no answer to expect. */
  onLink(ready: boolean): void {
    if (ready === this.#linked) return;
    this.#linked = ready;
    this.#rest = false;
    if (ready) this.#fallback.stop();
    else this.#fallback.set(this.#deps.timing.restFallback);
    for (const lane of this.#lanes.values()) lane.onLink(ready);
    this.#pumpAll();
  }

  #pumpAll(): void {
    for (const room of this.#waiting.rooms) this.#pump(room);
  }

  #pump(room: string): void {
    if (!this.#leads || this.#ended.signal.aborted) return;
    this.#letGo(room);
    const { entry, after } = this.#waiting.next(room);
    if (entry === undefined) {
      this.#lanes.get(room)?.stop();
      this.#lanes.delete(room);
      return;
    }
    if (!this.#linked && !this.#rest) return;
    // Sent only once it is stored: what a crash forgets must not have been promised.
    if (!this.#waiting.isStored(entry.clientId)) return;
    const lane = this.#lanes.get(room) ?? new Lane(this.#laneDeps(room));
    this.#lanes.set(room, lane);
    lane.go(entry, after, this.#linked);
  }

  /** Another tab dropped what is in flight: its answer is nobody's, and what stands behind it need not wait for one. */
  #letGo(room: string): void {
    const lane = this.#lanes.get(room);
    if (lane?.inFlight !== undefined && this.#waiting.find(lane.inFlight) === undefined)
      lane.settle(lane.inFlight);
  }

  #laneDeps(room: string): LaneDeps {
    return {
      timing: this.#deps.timing,
      random: this.#deps.random,
      send: this.#deps.send,
      post: this.#deps.post,
      onAgain: () => {
        this.#pump(room);
      },
      onStored: (entry, message) => {
        this.#settle(entry.clientId, message);
      },
      onRefused: (entry, error) => {
        this.#fail(entry, error.code, error.message);
      },
      onChange: () => {
        this.#deps.onChange(room);
      },
    };
  }

  #settle(clientId: string, stored: Stored): void {
    const entry = this.#waiting.find(clientId);
    if (entry === undefined) return;
    this.#lanes.get(entry.room)?.settle(clientId);
    this.#deps.onStored(entry, stored);
    const { seq, id, at } = stored;
    this.#change(entry.room, settled(entry, seq), { entry, stored: { seq, id, at } });
  }

  #fail(entry: OutboxEntry, code: ErrorCode, reason: string): void {
    this.#lanes.get(entry.room)?.settle(entry.clientId);
    this.#change(entry.room, markFailed(entry.clientId, { code, reason }));
  }

  /** Changes what is shown at once, what is stored behind it, then sends what is next. */
  #change(room: string, change: Change, news?: unknown): void {
    this.#waiting.begin(change);
    this.#deps.onChange(room);
    const done = (stored: Saved): void => {
      this.#waiting.end(change);
      this.#adopt(stored);
    };
    this.#deps.store.update(change, news).then(done, (error: unknown) => {
      this.#deps.warn('the outbox could not be changed', error);
      done(this.#waiting.storedWith(change));
    });
  }

  async #reload(news: unknown): Promise<void> {
    if (isStoredNews(news)) this.#deps.onStored(news.entry, news.stored);
    this.#adopt(await this.#deps.store.read());
  }

  #adopt(saved: Saved): void {
    if (this.#ended.signal.aborted) return;
    const before = this.#waiting.rooms;
    this.#waiting.adopt(saved);
    for (const room of new Set([...before, ...this.#waiting.rooms])) {
      this.#deps.onChange(room);
      this.#pump(room);
    }
  }
}

interface StoredNews {
  readonly entry: OutboxEntry;
  readonly stored: Stored;
}

function isStoredNews(news: unknown): news is StoredNews {
  return typeof news === 'object' && news !== null && 'entry' in news && 'stored' in news;
}
