import { hasReceipts } from '../../../../shared/wire/receipts.ts';
import { untrack } from 'svelte';
import type { RoomHandle, Timeline, TimelineItem } from '../../../../shared/sdk/types.ts';
import type { Attachment, Member, Message, Room, UserSummary } from '../../../../shared/wire/rest.ts';
import { kindOf } from '../chat/attachments.ts';
import { plainEmoji } from '../chat/emoji.ts';
import { peopleOf } from '../chat/people.ts';
import { RowBuilder, seqOf, type Row } from '../chat/rows.ts';
import { threadPlace } from '../chat/threads.ts';
import type { App } from './app.svelte.ts';
import { Changes } from './changes.svelte.ts';
import { FirstPlace } from './first-place.svelte.ts';
import { Live } from './live.svelte.ts';
import { Pins } from './pins.svelte.ts';
import type { Place } from './places.ts';
import { WayBack, type Origin } from './way-back.svelte.ts';

/** ms a message that was jumped to is pointed out. */
const LANDED_MS = 2_500;

/** One open room: its engine handle as runes, and the rows to draw. Owned by the conversation's component. */
export class Conversation {
  readonly handle: RoomHandle;
  readonly changes: Changes;
  readonly #app: App;
  readonly #info: Live<Room | undefined>;
  readonly #timeline: Live<Timeline>;
  readonly #members: Live<readonly Member[]>;
  readonly #typing: Live<readonly UserSummary[]>;
  readonly #builder: RowBuilder;
  readonly #quotes: Live<ReadonlyMap<number, Message | null>>;
  /** The unread line once the window was left; before that it is the one of the opening. */
  #line: { readonly after: number | undefined } | undefined = $state.raw();
  /** The newest there was at opening; undefined until the room is known. */
  #headAtOpen: number | undefined = $state();

  /** The message jumped to, until the list stands there; then the one to point out for a moment. */
  #target: number | undefined = $state();
  #landed: number | undefined = $state();
  #current: number | undefined = $state();
  #resting: Place | undefined = $state.raw();
  readonly wayBack = new WayBack();
  readonly pins: Pins;
  /** Where one stands in the list; the list says so. */
  standing: () => Origin | undefined = () => undefined;

  readonly #first = new FirstPlace();
  readonly rows: readonly Row[] = $derived.by(() =>
    this.#builder.build(this.#first.isHere ? this.timeline.items : [], {
      unreadAfter: this.unreadAfter,
      atStart: this.timeline.atStart,
      me: this.#app.meId,
      silenced: this.silenced,
    }),
  );
  readonly #people: ReadonlyMap<string, UserSummary> = $derived.by(() => peopleOf(this.info, this.members));
  /** The highest seq shown; 0 when there is none. */
  readonly newest: number = $derived.by(() => {
    const last = this.timeline.items.findLast((item) => !item.pending);
    return (last && seqOf(last)) ?? 0;
  });

  constructor(app: App, id: string) {
    this.#app = app;
    this.handle = app.client.room(id);
    this.changes = new Changes(this.handle);
    this.pins = new Pins(this.handle);
    this.#info = new Live(this.handle.info);
    this.#timeline = new Live(this.handle.timeline);
    this.#members = new Live(this.handle.members);
    this.#typing = new Live(this.handle.typing);
    this.#builder = new RowBuilder(app.dates);
    this.#quotes = new Live(this.handle.quotes);
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
  /** The pictures of what is loaded, in order. */
  get images(): readonly Attachment[] {
    return this.timeline.items.flatMap(({ message }) =>
      message.deletedAt === undefined
        ? (message.attachments ?? []).filter((file) => kindOf(file) === 'image')
        : [],
    );
  }
  /** Whether one may rename the room and add or remove people. */
  get mayManage(): boolean {
    const room = this.info;
    return room !== undefined && room.type !== 'dm' && room.me.role !== 'member';
  }

  /** Whether one may let others in by a link. */
  get mayInvite(): boolean {
    const room = this.info;
    return room !== undefined && room.type !== 'dm' && (room.public || room.me.role !== 'member');
  }
  /** Whether it is known here who has read what, member by member; a dm has its own cursor. */
  get hasReceipts(): boolean {
    const room = this.info;
    return room !== undefined && room.type !== 'dm' && hasReceipts(room);
  }

  /** Own texts; rows that are not stored yet, notices and tombstones cannot be edited. */
  mayEdit(message: Message): boolean {
    return this.#isOwnText(message) && message.forwardedFrom === undefined;
  }
  #isOwnText(message: Message): boolean {
    return isText(message) && message.sender.id === this.#app.meId;
  }
  /** Own messages, and any as an owner or admin. */
  mayRemove(message: Message): boolean {
    return this.#isOwnText(message) || (isText(message) && this.mayManage);
  }

  /** Any member's right; in public channels the owner's and admins'. */
  mayPin(message: Message): boolean {
    const room = this.info;
    if (room === undefined || !isText(message)) return false;
    return room.type !== 'channel' || !room.public || room.me.role !== 'member';
  }
  /** Adds one's own reaction, or takes it back; what is used last is at hand first. */
  react(seq: number, emoji: string, on: boolean): void {
    const plain = plainEmoji(emoji);
    if (on) this.#app.emojis.note(plain);
    this.changes.react(seq, plain, on);
  }
  /** Never rejects: what goes wrong is told. */
  async pin(message: Message, on: boolean): Promise<void> {
    await this.handle.pin(message.seq, on).catch(this.#app.notify.failure);
  }

  /** Opens the newest of one's own messages in the editor and gives its seq; undefined when none is there. */
  editLast(back: () => void, items = this.timeline.items): number | undefined {
    const mine = ({ message }: TimelineItem): boolean => 'seq' in message && this.mayEdit(message);
    const message = items.findLast(mine)?.message;
    if (message === undefined || !('seq' in message)) return undefined;
    this.changes.begin(message, back);
    return message.seq;
  }

  /** A message that another quotes; undefined while it is fetched, null where there is none. */
  quoted(seq: number): Message | null | undefined {
    const quoted = this.#quotes.current.get(seq);
    if (quoted === undefined) this.handle.quote(seq);
    return quoted;
  }
  /** What one writes next, in the room or in the message's thread, answers this message. */
  reply({ seq, thread }: Message, inThread = false): void {
    const place = inThread ? threadPlace(this.id, thread ?? seq) : this.id;
    // In its own thread everything answers the root.
    this.#app.replyTargets.set(place, inThread && thread === undefined ? undefined : seq);
    this.#app.replyTargets.ask(place);
  }
  openThread(root: number): void {
    this.#app.router.go({ name: 'room', id: this.id, details: false, thread: root });
  }
  /** Where it stands: in the list, or in its thread. */
  showMessage(message: Message): void {
    if (message.thread !== undefined) this.#app.show(message);
    else void this.jump(message.seq);
  }

  /** As `showMessage`, where only its number is known. */
  async showSeq(seq: number): Promise<void> {
    const known = this.pins.list.find((pin) => pin.seq === seq) ?? this.quoted(seq);
    if (known) this.showMessage(known);
    else await this.jump(seq);
  }

  /** Whose words stay hidden here, until one asks for each. */
  get silenced(): ReadonlySet<string> {
    return this.#app.blocked;
  }

  /** The name of someone in the room, as far as its people are known. */
  nameOf(user: string): string | undefined {
    return this.userOf(user)?.displayName;
  }
  /** Someone in the room as they are now, status and all, as far as its people are known. */
  userOf(user: string): UserSummary | undefined {
    return this.#people.get(user);
  }

  /** The seq behind which the unread line stands; undefined: no line. */
  get unreadAfter(): number | undefined {
    if (this.#line !== undefined) return this.#line.after;
    const opened = this.timeline.readSeqAtOpen;
    // What arrives under one's eyes is not unread: only what stood there at opening gets a line.
    return opened < (this.#headAtOpen ?? this.newest) ? opened : undefined;
  }

  /** What stood there at opening is known: what was missed before is here. */
  get settled(): boolean {
    return this.#headAtOpen !== undefined;
  }

  /**
   * Notes, once, how far the room went when it was opened. What was kept from the last visit does not tell: what was
   * missed meanwhile stands there as well, unread.
   */
  noteOpening(): void {
    if (this.settled || this.info === undefined || this.timeline.loading) return;
    if (this.#app.connection.name === 'online') this.#headAtOpen = Math.max(this.info.head, this.newest);
  }

  /** Finds, once, where one begins to read. */
  begin(): void {
    const { info, timeline } = this;
    const left = this.#app.places.get(this.id);
    this.#first.find(this.handle, { info, timeline, left, cutOff: this.#app.cutOff });
  }

  /** The window lost its reader: with all read, what comes from now on is behind a line. */
  leave(): void {
    untrack(() => {
      if ((this.info?.me.readSeq ?? 0) >= this.newest) this.#line = { after: this.newest };
    });
  }

  /** The reader is back: without news there is no line. */
  comeBack(): void {
    untrack(() => {
      if (this.#line?.after === this.newest) this.#line = { after: undefined };
    });
  }

  /** Loads what is needed; failures stand in `timeline.error`. */
  open(): void {
    this.handle.open().catch(shown);
  }
  /** Loads once more what could not be loaded. */
  retry(): Promise<void> {
    return this.timeline.items.length === 0 ? this.handle.open() : this.handle.loadOlder();
  }
  loadOlder(): void {
    const { atStart, loadingOlder, loading, error } = this.timeline;
    if (atStart || loadingOlder || loading || error !== undefined) return;
    this.handle.loadOlder().catch(shown);
  }
  loadNewer(): void {
    if (this.timeline.error === undefined) this.handle.loadNewer().catch(shown);
  }

  get target(): number | undefined {
    return this.#target;
  }
  /** The message one was led to a moment ago. */
  get landed(): number | undefined {
    return this.#landed;
  }
  /** The message one was led to last, until one goes on or back. */
  get current(): number | undefined {
    return this.#current;
  }
  /**
   * Shows the message with this number in its context; where it has no row of its own, the one before it. `from`: the
   * conversation one came from.
   */
  async jump(seq: number, from?: string): Promise<void> {
    this.#first.skip();
    const origin: Origin | undefined = from === undefined ? this.standing() : { kind: 'room', room: from };
    try {
      await this.handle.jump(seq);
      const seqs = this.handle.timeline.get().items.map((item) => seqOf(item) ?? Infinity);
      this.#target = seqs.findLast((candidate) => candidate <= seq) ?? seqs[0];
      if (origin !== undefined) this.wayBack.leave(origin);
    } catch (error) {
      this.#app.notify.failure(error);
    }
  }
  /** Where one was before the last jump; the list goes there. */
  async goBack(): Promise<void> {
    const origin = this.wayBack.take();
    if (origin === undefined) return;
    if (origin.kind === 'room')
      return this.#app.router.back({ name: 'room', id: origin.room, details: false });
    try {
      this.#current = undefined;
      if (!origin.place.atEnd && origin.seq !== undefined) await this.handle.jump(origin.seq);
      this.#resting = origin.place;
    } catch (error) {
      this.wayBack.leave(origin);
      this.#app.notify.failure(error);
    }
  }
  /** Where the list is to stand again. */
  get resting(): Place | undefined {
    return this.#resting;
  }
  rested(): void {
    this.#resting = undefined;
  }
  /** The list stands there. */
  land(seq: number): void {
    this.#target = undefined;
    this.#landed = this.#current = seq;
    setTimeout(() => {
      if (this.#landed === seq) this.#landed = undefined;
    }, LANDED_MS);
  }
  loadMembers(): void {
    this.handle.loadMembers().catch(this.#app.notify.unasked);
  }
}

/** The timeline shows its own error, with a way to try again. */
const shown = (): void => undefined;

function isText(message: Message): boolean {
  return message.kind === 'text' && message.deletedAt === undefined;
}
