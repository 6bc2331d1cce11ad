import { online } from 'svelte/reactivity/window';
import type { AuthState, Client, ConnectionState, RefusedMessage } from '../../../../shared/sdk/types.ts';
import type { Me, Message, Room, Scheduled, ThreadInfo } from '../../../../shared/wire/rest.ts';
import { createDates, type Dates } from '../chat/dates.ts';
import { isCutOff } from '../chat/connection.ts';
import type { KnownRoom } from '../chat/known-rooms.ts';
import { roomTitle } from '../chat/names.ts';
import { inRoom } from '../chat/search-query.ts';
import type { RoomFilter } from '../chat/room-list.ts';
import { fitAboveKeyboard } from '../platform/keyboard.ts';
import { Leisure } from '../platform/leisure.ts';
import { readLocal, writeLocal } from '../platform/local.ts';
import { watchIdle } from '../platform/idle.ts';
import { listenForRest } from '../platform/rest.ts';
import { listenForWake } from '../platform/wake.ts';
import { startAlerts } from './alerts.ts';
import { Attention } from './attention.svelte.ts';
import { Clock } from './clock.svelte.ts';
import { Dialogs } from './dialogs.svelte.ts';
import { Drafts } from './drafts.svelte.ts';
import { EmojiNames } from './emoji-names.svelte.ts';
import { Jumps } from './jump.svelte.ts';
import { KnownRooms } from './known-rooms.svelte.ts';
import { Live } from './live.svelte.ts';
import { noteRooms } from './note-rooms.ts';
import { createNotify, type Notify } from './notify.ts';
import { Markup } from './markup.svelte.ts';
import { LinkPreviews } from './link-previews.svelte.ts';
import { Places } from './places.ts';
import { Player } from './player.svelte.ts';
import { Presences } from './presence.svelte.ts';
import { RecentEmojis } from './recent-emojis.svelte.ts';
import { ReplyTargets } from './reply-targets.svelte.ts';
import { ResetLink } from './reset-link.svelte.ts';
import { Router } from './router.svelte.ts';
import { Settings } from './settings.svelte.ts';
import { startTakingOut } from './take-out.ts';
import { Theme } from './theme.svelte.ts';
import { UploadTrays } from './upload-trays.ts';
import { Update } from './update.svelte.ts';
import { Waiting } from './waiting.ts';

const DETAILS_KEY = 'parley.details';
const LAST_ROOM_KEY = 'parley.last-room';

/** Everything the screens share, around one engine. Made once by `createApp`, handed down by context. */
export class App {
  readonly client: Client;
  readonly router = new Router();
  readonly resetLink = new ResetLink();
  readonly theme = new Theme();
  readonly settings = new Settings();
  readonly leisure = new Leisure();
  readonly update = new Update(this.leisure.come);
  readonly attention = new Attention();
  readonly dialogs = new Dialogs();
  readonly jumps = new Jumps();
  /** What was searched for last, to go on with. */
  searched = '';
  readonly drafts: Drafts;
  readonly presence: Presences;
  readonly places = new Places();
  readonly markup = new Markup();
  readonly uploads: UploadTrays;
  readonly waiting: Waiting;
  readonly player = new Player();
  readonly previews = new LinkPreviews();
  readonly emojiNames = new EmojiNames();
  readonly emojis = new RecentEmojis();
  readonly dates: Dates = createDates();
  readonly minutes = new Clock(20_000);
  readonly notify: Notify;

  readonly #auth: Live<AuthState>;
  readonly #connection: Live<ConnectionState>;
  readonly #rooms: Live<readonly Room[]>;
  readonly #roomsLoaded: Live<boolean>;
  readonly #refused: Live<readonly RefusedMessage[]>;
  readonly #scheduled: Live<readonly Scheduled[]>;
  readonly #known = new KnownRooms();
  readonly #blocked: Live<ReadonlySet<string>>;
  #details = $state(readLocal(DETAILS_KEY) !== 'closed');
  #toaster = $state(false);
  /** px of the connection bar at the top; 0 without one. */
  barHeight = $state(0);
  /** px of the latest pin over the messages; 0 without one. */
  pinsHeight = $state(0);
  readonly #threads: Live<readonly ThreadInfo[]>;
  readonly #threadsLoaded: Live<boolean>;
  readonly replyTargets = new ReplyTargets();
  filter: RoomFilter = $state('all');

  constructor(client: Client) {
    this.client = client;
    this.drafts = new Drafts(client);
    this.presence = new Presences(client);
    this.uploads = new UploadTrays(client);
    this.waiting = new Waiting(client);
    this.#auth = new Live(client.auth);
    this.#connection = new Live(client.connection);
    this.#rooms = new Live(client.rooms);
    this.#roomsLoaded = new Live(client.roomsLoaded);
    this.#refused = new Live(client.refused);
    this.#blocked = new Live(client.own.blocked);
    this.#scheduled = new Live(client.scheduled);
    this.#threads = new Live(client.threads);
    this.#threadsLoaded = new Live(client.threadsLoaded);
    this.notify = createNotify(async () => {
      this.#toaster = true;
      await Promise.resolve();
    });
  }

  get auth(): AuthState {
    return this.#auth.current;
  }
  get connection(): ConnectionState {
    return this.#connection.current;
  }
  /** The server is there, or was a moment ago and what is missing is on its way. */
  get connected(): boolean {
    return this.connection.name === 'online' || this.connection.name === 'catching-up';
  }
  /** Asking the server makes no sense now. */
  get cutOff(): boolean {
    return online.current === false || isCutOff(this.connection, { restoring: this.restoring });
  }
  get rooms(): readonly Room[] {
    return this.waiting.order(this.#rooms.current);
  }
  get roomsLoaded(): boolean {
    return this.#roomsLoaded.current;
  }
  /** Who is here: signed in, or of a stored session that the server could not be asked about yet. */
  get me(): Me | undefined {
    return this.auth.name === 'signed-out' ? undefined : this.auth.me;
  }
  /** A stored session waits for the server's word. */
  get restoring(): boolean {
    return this.auth.name === 'restoring';
  }
  /** Messages that were not taken, of rooms one is out of. */
  get refused(): readonly RefusedMessage[] {
    return this.#refused.current;
  }
  /** Messages to be sent later, soonest first. */
  get scheduled(): readonly Scheduled[] {
    return this.#scheduled.current;
  }
  /** Threads one follows, the one replied to last first. */
  get threads(): readonly ThreadInfo[] {
    return this.#threads.current;
  }
  get threadsLoaded(): boolean {
    return this.#threadsLoaded.current;
  }
  /** A thread one follows. */
  threadOf(room: string, root: number): ThreadInfo | undefined {
    return this.threads.find((thread) => thread.room === room && thread.message.seq === root);
  }
  /** The room list as it was last, while there is none yet. */
  get knownRooms(): readonly KnownRoom[] {
    return this.roomsLoaded ? [] : this.#known.listed(this.meId);
  }
  get meId(): string {
    return this.me?.id ?? '';
  }
  get toaster(): boolean {
    return this.#toaster;
  }
  /** Whether wide screens show the details beside the conversation. */
  get details(): boolean {
    return this.#details;
  }
  set details(open: boolean) {
    this.#details = open;
    writeLocal(DETAILS_KEY, open ? 'open' : 'closed');
  }
  get lastRoom(): string | undefined {
    return readLocal(LAST_ROOM_KEY);
  }

  room(id: string): Room | undefined {
    return this.rooms.find((room) => room.id === id);
  }

  /** What a room is called, or was while one was in it; empty when that is not known. */
  titleOf(id: string): string {
    const room = this.room(id);
    return room === undefined ? (this.#known.titleOf(this.meId, id) ?? '') : roomTitle(room, this.meId);
  }

  /** Ids of whom one blocked. */
  get blocked(): ReadonlySet<string> {
    return this.#blocked.current;
  }

  openRoom(id: string): void {
    writeLocal(LAST_ROOM_KEY, id);
    this.router.go({ name: 'room', id, details: false });
  }

  /** Full-text search: in one conversation, for `words` if there are any, or where one left off. */
  search(id?: string, words = ''): void {
    const room = id === undefined ? undefined : this.room(id);
    const place = room === undefined ? '' : inRoom(room, this.rooms, this.meId);
    const before = this.searched.startsWith(place) ? this.searched : place;
    const text = words === '' ? before : `${place.trim()} ${words}`.trim();
    this.dialogs.show({ name: 'search', text, keep: words === '' ? place.length : text.length });
  }

  /** Shows a message in its conversation. */
  jumpTo(room: string, seq: number): void {
    const { route } = this.router;
    const from = this.router.roomId;
    this.jumps.to({ room, seq, ...(from === undefined || from === room ? {} : { from }) });
    const isThere = route.name === 'room' && route.id === room && !route.details;
    if (!isThere) this.openRoom(room);
  }

  /** Shows a message where it stands: in its conversation, or in its thread. */
  show({ room, seq, thread }: Pick<Message, 'room' | 'seq' | 'thread'>): void {
    if (thread === undefined) return this.jumpTo(room, seq);
    this.jumps.to({ room, seq, thread });
    const { route } = this.router;
    if (route.name === 'room' && route.id === room && route.thread === thread) return;
    writeLocal(LAST_ROOM_KEY, room);
    this.router.go({ name: 'room', id: room, details: false, thread });
  }

  /** What one person leaves behind at this screen. */
  forget(): void {
    this.drafts.clear();
    this.places.clear();
    this.presence.clear();
    this.searched = '';
    this.emojis.clear();
    this.replyTargets.clear();
    this.markup.clear();
    this.uploads.clear();
    this.waiting.rooms.clear();
    this.player.stop();
    this.previews.clear();
    this.#known.clear();
    this.dialogs.close();
    writeLocal(LAST_ROOM_KEY, undefined);
  }

  /** Binds the app to the window; gives the stop. */
  start(): () => void {
    this.settings.apply();
    const stops = [
      this.router.start(),
      this.resetLink.start(),
      this.theme.start(),
      this.attention.start(),
      this.drafts.start(),
      this.waiting.rooms.start(),
      this.update.start(),
      fitAboveKeyboard(),
      noteRooms(this.client, this.#known),
      startTakingOut(this.client),
      startAlerts({
        client: this.client,
        settings: this.settings,
        attention: this.attention,
        open: (room) => {
          this.openRoom(room);
        },
      }),
      watchIdle((away) => {
        this.client.setAway(away);
      }),
      listenForWake(() => {
        this.client.wake();
      }),
      listenForRest((isGoing) => {
        this.client.rest(isGoing);
      }),
    ];
    this.client.restore().catch((error: unknown) => {
      this.notify.failure(error);
    });
    return () => {
      for (const stop of stops) stop();
      this.client.close();
    };
  }
}
