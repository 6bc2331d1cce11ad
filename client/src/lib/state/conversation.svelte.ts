import type { RoomHandle, Timeline } from '../../../../shared/sdk/types.ts';
import type { Member, Room, UserSummary } from '../../../../shared/wire/rest.ts';
import { RowBuilder, seqOf, type Row } from '../chat/rows.ts';
import type { App } from './app.svelte.ts';
import { Live } from './live.svelte.ts';

/** One open room: its engine handle as runes, and the rows to draw. Owned by the conversation's component. */
export class Conversation {
  readonly handle: RoomHandle;
  readonly #app: App;
  readonly #info: Live<Room | undefined>;
  readonly #timeline: Live<Timeline>;
  readonly #members: Live<readonly Member[]>;
  readonly #typing: Live<readonly UserSummary[]>;
  readonly #builder: RowBuilder;
  /** Set when messages come while nobody looks: the line then stands where the reader left. */
  #leftAt: number | undefined = $state();

  readonly rows: readonly Row[] = $derived.by(() =>
    this.#builder.build(this.timeline.items, {
      unreadAfter: this.unreadAfter,
      atStart: this.timeline.atStart,
      me: this.#app.meId,
    }),
  );
  /** The highest seq shown; 0 when there is none. */
  readonly newest: number = $derived.by(() => {
    const last = this.timeline.items.findLast((item) => !item.pending);
    return (last && seqOf(last)) ?? 0;
  });
  readonly #headAtOpen: number;

  constructor(app: App, id: string) {
    this.#app = app;
    this.handle = app.client.room(id);
    this.#info = new Live(this.handle.info);
    this.#timeline = new Live(this.handle.timeline);
    this.#members = new Live(this.handle.members);
    this.#typing = new Live(this.handle.typing);
    this.#builder = new RowBuilder(app.dates);
    this.#headAtOpen = this.handle.info.get()?.head ?? 0;
  }

  get id(): string {
    return this.handle.id;
  }
  get info(): Room | undefined {
    return this.#info.current;
  }
  get timeline(): Timeline {
    return this.#timeline.current;
  }
  get members(): readonly Member[] {
    return this.#members.current;
  }
  get typing(): readonly UserSummary[] {
    return this.#typing.current;
  }
  /** Whether one may rename the room and add or remove people. */
  get mayManage(): boolean {
    const room = this.info;
    return room !== undefined && room.type !== 'dm' && room.me.role !== 'member';
  }

  /** The seq behind which the unread line stands; undefined: no line. */
  get unreadAfter(): number | undefined {
    if (this.#leftAt !== undefined) return this.#leftAt;
    const opened = this.timeline.readSeqAtOpen;
    // What arrives under one's eyes is not unread: only what stood there at opening gets a line.
    return opened < this.#headAtOpen ? opened : undefined;
  }

  /** The window lost its reader: what comes from now on is behind the line. */
  leave(): void {
    this.#leftAt = this.newest;
  }

  /** Loads what is needed; failures stand in `timeline.error`. */
  open(): void {
    this.handle.open().catch(this.#report);
  }
  loadOlder(): void {
    const { atStart, loadingOlder, loading, error } = this.timeline;
    if (atStart || loadingOlder || loading || error !== undefined) return;
    this.handle.loadOlder().catch(this.#report);
  }
  loadMembers(): void {
    this.handle.loadMembers().catch(this.#report);
  }

  readonly #report = (error: unknown): void => {
    // The timeline shows its own error with a way to try again; a note would say it twice.
    if (this.handle.timeline.get().error === undefined) this.#app.notify.failure(error);
  };
}
