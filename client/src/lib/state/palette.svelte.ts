import type { PublicRoom, Room, UserSummary } from '../../../../shared/wire/rest.ts';
import { bareQuery } from '../chat/names.ts';
import { searchRooms } from '../chat/room-list.ts';
import type { App } from './app.svelte.ts';
import { paletteActions, type PaletteAction } from './palette-actions.ts';
import { Search } from './search.svelte.ts';

/** Of each kind at most so many. */
const SHOWN = 6;

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

  constructor(app: App) {
    this.#app = app;
    // Nothing typed finds nobody: the list of everyone is no help.
    this.#people = new Search((query) =>
      query === '' ? Promise.resolve([]) : app.client.searchUsers(query),
    );
    this.#channels = new Search((query) =>
      query === '' ? Promise.resolve([]) : app.client.publicRooms(query),
    );
  }

  get query(): string {
    return this.#query;
  }
  set query(text: string) {
    this.#query = text;
    this.#people.query = this.#wanted;
    this.#channels.query = this.#wanted;
  }
  /** Nothing is found, and nobody is being asked any more. */
  get isEmpty(): boolean {
    const found = this.rooms.length + this.people.length + this.joinable.length + this.actions.length;
    return found === 0 && !this.#people.loading && !this.#channels.loading;
  }

  stop(): void {
    this.#people.stop();
    this.#channels.stop();
  }
}
