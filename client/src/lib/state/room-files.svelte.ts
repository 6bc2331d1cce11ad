import type { Client } from '../../../../shared/sdk/types.ts';
import type { Message } from '../../../../shared/wire/rest.ts';
import { problemText } from '../chat/problems.ts';
import type { FilesTab } from '../chat/room-files.ts';

/** What the server finds of a room's files, page by page. Lasts as long as its tab. */
export class FoundFiles {
  readonly #client: Client;
  readonly #room: string;
  readonly #tab: FilesTab;
  #messages: readonly Message[] = $state.raw([]);
  #next: string | undefined = $state();
  #loading = $state(false);
  #loaded = $state(false);
  #problem: string | undefined = $state();

  constructor(client: Client, room: string, tab: FilesTab) {
    this.#client = client;
    this.#room = room;
    this.#tab = tab;
  }

  /** Newest first. */
  get messages(): readonly Message[] {
    return this.#messages;
  }
  get loading(): boolean {
    return this.#loading;
  }
  get problem(): string | undefined {
    return this.#problem;
  }
  /** Nothing older is to be found. */
  get isComplete(): boolean {
    return this.#loaded && this.#next === undefined;
  }

  /** The next page; what went wrong stands in `problem`. */
  async more(): Promise<void> {
    if (this.#loading || this.isComplete) return;
    this.#loading = true;
    this.#problem = undefined;
    try {
      const behind = this.#next === undefined ? {} : { cursor: this.#next };
      const query = { room: this.#room, has: this.#tab, ...behind };
      const { results, next } = await this.#client.search(query);
      this.#messages = [...this.#messages, ...results];
      this.#next = next;
      this.#loaded = true;
    } catch (error) {
      this.#problem = problemText(error);
    } finally {
      this.#loading = false;
    }
  }
}
