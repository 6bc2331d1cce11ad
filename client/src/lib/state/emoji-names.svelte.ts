// The picker reads the same file; it is fetched when a name is typed first.
import source from 'emoji-picker-element-data/en/emojibase/data.json?url';
import { parseEmojiNames, type NamedEmoji } from '../chat/emoji-names.ts';

const NONE: readonly NamedEmoji[] = [];

/** Every emoji by name, once it is wanted. Owned by the app. */
export class EmojiNames {
  #all: readonly NamedEmoji[] = $state.raw(NONE);
  #loading: Promise<void> | undefined;

  get all(): readonly NamedEmoji[] {
    return this.#all;
  }

  /** Fetches them, once; never rejects. A fetch that failed is tried again when they are wanted next. */
  load(): Promise<void> {
    this.#loading ??= this.#fetch().catch(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #fetch(): Promise<void> {
    const response = await fetch(source);
    if (!response.ok) throw new Error(`emoji names: ${String(response.status)}`);
    this.#all = parseEmojiNames(await response.json());
  }
}
