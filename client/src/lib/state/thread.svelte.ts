import type { ThreadHandle, Timeline, TimelineItem } from '../../../../shared/sdk/types.ts';
import type { Message, ThreadInfo } from '../../../../shared/wire/rest.ts';
import { RowBuilder, seqOf, type Row } from '../chat/rows.ts';
import type { App } from './app.svelte.ts';
import { Live } from './live.svelte.ts';

/** Pages of replies read for the unread line; whoever missed more begins at the first of those. */
const MAX_PAGES = 10;

/** One open thread as runes. Owned by its pane. */
export class Thread {
  readonly handle: ThreadHandle;
  readonly room: string;
  readonly #app: App;
  readonly #message: Live<Message | undefined>;
  readonly #timeline: Live<Timeline>;
  readonly #builder: RowBuilder;
  /** How far it was read and how far it went when it was opened; undefined until that is known. */
  #opening: { readonly readSeq: number | undefined; readonly newest: number } | undefined = $state.raw();
  #begun = false;
  #answer: 'none' | 'read' | 'failed' = $state('none');
  #missed = $state(0);

  /** None before it is known where one begins to read. */
  readonly rows: readonly Row[] = $derived.by(() =>
    this.#builder.build(this.#opening === undefined ? [] : this.timeline.items, {
      unreadAfter: this.#unreadAfter,
      atStart: false,
      me: this.#app.meId,
      silenced: this.#app.blocked,
    }),
  );
  /** The root as a row of its own. */
  readonly rootRow: Row | undefined = $derived.by(() => {
    const message = this.message;
    if (message === undefined) return undefined;
    const item: TimelineItem = { key: message.id, message, pending: false };
    return this.#rootBuilder.build([item], { unreadAfter: undefined, atStart: false, me: this.#app.meId })[0];
  });
  readonly newest: number = $derived(newestOf(this.timeline));
  readonly #rootBuilder: RowBuilder;

  constructor(app: App, room: string, root: number) {
    this.#app = app;
    this.room = room;
    this.handle = app.client.room(room).thread(root);
    this.#message = new Live(this.handle.message);
    this.#timeline = new Live(this.handle.timeline);
    this.#builder = new RowBuilder(app.dates);
    this.#rootBuilder = new RowBuilder(app.dates);
  }

  get message(): Message | undefined {
    return this.#message.current ?? this.info?.message;
  }
  get timeline(): Timeline {
    return this.#timeline.current;
  }
  /** As one follows it; undefined where one does not. */
  get info(): ThreadInfo | undefined {
    return this.#app.threadOf(this.room, this.handle.root);
  }

  /** Up to where one has read, while there is more; undefined where one does not follow it. */
  get unreadFrom(): number | undefined {
    const { info, newest } = this;
    return info !== undefined && info.readSeq < newest ? info.readSeq : undefined;
  }
  /** How often what was missed came in behind what was shown first; a line stands above it. */
  get missed(): number {
    return this.#missed;
  }
  /** What comes under one's eyes is not unread: only what stood there at the opening gets a line. */
  get #unreadAfter(): number | undefined {
    const { readSeq = Infinity, newest } = this.#opening ?? { newest: 0 };
    return readSeq < newest ? readSeq : undefined;
  }

  /** Failures stand in `timeline.error`. */
  open(): void {
    this.handle.open().then(
      () => {
        this.#goOn();
      },
      () => (this.#answer = 'failed'),
    );
  }
  /** The server has said what there is: what was shown before, kept from the last visit, does not tell what was missed. */
  #goOn(): void {
    this.#answer = 'read';
    const opening = this.#opening;
    if (opening === undefined) return;
    const newest = newestOf(this.handle.timeline.get());
    this.#opening = { readSeq: opening.readSeq ?? this.info?.readSeq, newest };
    if (newest > opening.newest && this.#unreadAfter !== undefined) this.#missed += 1;
  }
  /** Finds, once, where one begins to read. */
  begin(): void {
    const { info, timeline, newest } = this;
    // Read once the connection was back.
    if (this.#answer === 'failed' && timeline.error === undefined && !timeline.loading) this.#goOn();
    if (this.#begun || timeline.items.length === 0) return;
    const isWhole = this.#answer === 'read' || (info?.message.lastReply?.seq ?? Infinity) <= newest;
    const isKnown = isWhole && (info !== undefined || this.#app.threadsLoaded);
    if (!isKnown && this.#answer !== 'failed' && !this.#app.cutOff) return;
    this.#begun = true;
    void this.#reach(info);
  }
  /** Never rejects: without what stands around the line, one begins at the first there is. */
  async #reach(info: ThreadInfo | undefined): Promise<void> {
    if (info !== undefined && info.unread > 0) await this.loadBackTo(info.readSeq);
    this.#opening = { readSeq: info?.readSeq, newest: newestOf(this.handle.timeline.get()) };
  }
  /** Loads earlier replies until this one is there, or what stands before it; not without end, and never rejects. */
  async loadBackTo(seq: number): Promise<void> {
    const lacks = (): boolean => {
      const { atStart, items } = this.handle.timeline.get();
      return !atStart && firstOf(items) > seq;
    };
    try {
      for (let pages = 0; pages < MAX_PAGES && lacks(); pages += 1) await this.handle.loadOlder();
    } catch {
      // The button above them tries again.
    }
  }
  loadOlder(): void {
    this.handle.loadOlder().catch((error: unknown) => {
      this.#app.notify.failure(error);
    });
  }
  follow(on: boolean): void {
    this.handle.follow(on).catch((error: unknown) => {
      this.#app.notify.failure(error);
    });
  }
}

function newestOf({ items }: Timeline): number {
  const last = items.findLast((item) => !item.pending);
  return (last && seqOf(last)) ?? 0;
}

const firstOf = ([first]: Timeline['items']): number => (first && seqOf(first)) ?? 0;
