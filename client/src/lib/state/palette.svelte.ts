import type { PublicRoom, Room, UserSummary } from '../../../../shared/wire/rest.ts';
import type { KnownRoom } from '../chat/known-rooms.ts';
import { bareQuery } from '../chat/names.ts';
import { searchRooms } from '../chat/room-list.ts';
import type { App } from './app.svelte.ts';
import { paletteActions, type PaletteAction } from './palette-actions.ts';
import { Search } from './search.svelte.ts';

/** Of each kind at most so many. */
const SHOWN = 6;

/** What Enter goes to. */
export type Best =
  | { readonly kind: 'room'; readonly id: string }
  | { readonly kind: 'person'; readonly user: UserSummary }
  | { readonly kind: 'channel'; readonly id: string }
  | { readonly kind: 'action'; readonly action: PaletteAction };

/** What the palette finds for what is typed into it. Owned by the palette's component, which stops it. */
export class Palette {
  readonly #app: App;
  readonly #people: Search<UserSummary>;
  readonly #channels: Search<PublicRoom>;
  #query = $state('');
  readonly #wanted = $derived(bareQuery(this.#query));

  readonly rooms: readonly Room[] = $derived.by(() =>
    searchRooms(this.#app.rooms, this.#wanted, this.#app.meId).slice(0, SHOWN),
  );
  /** Rooms of which no more is known than their names. */
  readonly known: readonly KnownRoom[] = $derived.by(() => {
    const words = this.#wanted.toLocaleLowerCase();
    const isHere = (id: string): boolean => this.#app.room(id) !== undefined;
    return this.#app.knownRooms
      .filter(({ id, title }) => !isHere(id) && title.toLocaleLowerCase().includes(words))
      .slice(0, SHOWN);
  });
  /** Those whose conversation is not among the rooms found. */
  readonly people: readonly UserSummary[] = $derived.by(() => {
    const hasRoom = (id: string): boolean => this.rooms.some((room) => room.peer?.id === id);
    return this.#people.results
      .filter((user) => !hasRoom(user.id) && user.id !== this.#app.meId)
      .slice(0, SHOWN);
  });
  readonly joinable: readonly PublicRoom[] = $derived.by(() =>
    this.#channels.results.filter((room) => !room.joined).slice(0, SHOWN),
  );
  readonly actions: readonly PaletteAction[] = $derived.by(() => {
    const wanted = this.#wanted.toLowerCase();
    return paletteActions(this.#app).filter((action) => action.text.toLowerCase().includes(wanted));
  });

  /** The first of what is listed, as soon as nothing can come before it any more. */
  readonly best: Best | undefined = $derived.by(() => {
    const here = this.rooms[0] ?? this.known[0];
    if (here !== undefined) return { kind: 'room', id: here.id };
    if (this.#people.loading || this.hasFailed) return undefined;
    const user = this.people[0];
    if (user !== undefined) return { kind: 'person', user };
    if (this.#channels.loading) return undefined;
    const [channel] = this.joinable;
    if (channel !== undefined) return { kind: 'channel', id: channel.id };
    const [action] = this.actions;
    return action === undefined ? undefined : { kind: 'action', action };
  });
  #entered = $state(false);
  /** What is to be gone to now: Enter came before it was known. */
  readonly due: Best | undefined = $derived(this.#entered ? this.best : undefined);

  constructor(app: App) {
    this.#app = app;
    // Nothing typed finds nobody: the list of everyone is no help.
    this.#people = new Search((query) =>
      query === '' || this.isCutOff ? Promise.resolve([]) : app.client.searchUsers(query),
    );
    this.#channels = new Search((query) =>
      query === '' || this.isCutOff ? Promise.resolve([]) : app.client.publicRooms(query),
    );
  }

  get query(): string {
    return this.#query;
  }
  set query(text: string) {
    this.#query = text;
    this.forget();
    this.#people.query = this.#wanted;
    this.#channels.query = this.#wanted;
  }
  /** What the messages can be searched for. */
  get words(): string {
    return this.#query.trim();
  }
  /** Only what is known here can be found. */
  get isCutOff(): boolean {
    return this.#app.cutOff;
  }
  /** The server was asked in vain. */
  get hasFailed(): boolean {
    return this.#people.problem !== undefined || this.#channels.problem !== undefined;
  }
  get isAsking(): boolean {
    return this.#people.loading || this.#channels.loading;
  }
  /** Nothing by that name so far. */
  get isEmpty(): boolean {
    const { rooms, known, people, joinable, actions } = this;
    return [rooms, known, people, joinable, actions].every(({ length }) => length === 0);
  }

  /** Enter while the server is still asked: goes to `best` as soon as there is one, unless the text changes before. */
  enter(): void {
    this.#entered = this.isAsking;
  }
  /** There was nothing to go to. */
  forget(): void {
    this.#entered = false;
  }

  stop(): void {
    this.#people.stop();
    this.#channels.stop();
  }
}
