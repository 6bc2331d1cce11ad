import { quickEmojis, withRecent } from '../chat/reactions.ts';
import { readLocal, writeLocal } from '../platform/local.ts';

const KEY = 'parley.emojis';

/** The emojis a person reacted with, the last one first; kept in this browser. Owned by the app. */
export class RecentEmojis {
  #used: readonly string[] = $state.raw(parse(readLocal(KEY)));

  get used(): readonly string[] {
    return this.#used;
  }
  /** Those at hand without a picker. */
  get quick(): readonly string[] {
    return quickEmojis(this.#used);
  }

  note(emoji: string): void {
    if (this.#used[0] === emoji) return;
    this.#used = withRecent(this.#used, emoji);
    writeLocal(KEY, JSON.stringify(this.#used));
  }

  /** Nothing of one person's is left for the next at this screen. */
  clear(): void {
    this.#used = [];
    writeLocal(KEY, undefined);
  }
}

function parse(text: string | undefined): readonly string[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(value) ? value.filter((emoji) => typeof emoji === 'string').slice(0, 40) : [];
  } catch {
    return [];
  }
}
