import { untrack } from 'svelte';
import type { ThreadHandle, Timeline, TimelineItem } from '../../../../shared/sdk/types.ts';
import type { Message, ThreadInfo } from '../../../../shared/wire/rest.ts';
import { RowBuilder, seqOf, type Row } from '../chat/rows.ts';
import type { App } from './app.svelte.ts';
import { Live } from './live.svelte.ts';

/** One open thread as runes. Owned by its pane. */
export class Thread {
  readonly handle: ThreadHandle;
  readonly room: string;
  readonly #app: App;
  readonly #message: Live<Message | undefined>;
  readonly #timeline: Live<Timeline>;
  readonly #builder: RowBuilder;
  /** Where the reader stood at the opening. */
  readonly #readAtOpen: number | undefined;

  readonly rows: readonly Row[] = $derived.by(() =>
    this.#builder.build(this.timeline.items, {
      unreadAfter: this.#readAtOpen,
      atStart: false,
      me: this.#app.meId,
    }),
  );
  /** The root as a row of its own. */
  readonly rootRow: Row | undefined = $derived.by(() => {
    const message = this.message;
    if (message === undefined) return undefined;
    const item: TimelineItem = { key: message.id, message, pending: false };
    return this.#rootBuilder.build([item], { unreadAfter: undefined, atStart: false, me: this.#app.meId })[0];
  });
  readonly newest: number = $derived.by(() => {
    const last = this.timeline.items.findLast((item) => !item.pending);
    return (last && seqOf(last)) ?? 0;
  });
  readonly #rootBuilder: RowBuilder;

  constructor(app: App, room: string, root: number) {
    this.#app = app;
    this.room = room;
    this.handle = app.client.room(room).thread(root);
    this.#message = new Live(this.handle.message);
    this.#timeline = new Live(this.handle.timeline);
    this.#builder = new RowBuilder(app.dates);
    this.#rootBuilder = new RowBuilder(app.dates);
    this.#readAtOpen = untrack(() => this.info?.readSeq);
  }

  get message(): Message | undefined {
    return this.#message.current;
  }
  get timeline(): Timeline {
    return this.#timeline.current;
  }
  /** As one follows it; undefined where one does not. */
  get info(): ThreadInfo | undefined {
    return this.#app.threadOf(this.room, this.handle.root);
  }

  /** Failures stand in `timeline.error`. */
  open(): void {
    this.handle.open().catch(() => undefined);
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
