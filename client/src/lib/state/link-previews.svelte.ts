import { SvelteMap } from 'svelte/reactivity';
import type { RoomHandle } from '../../../../shared/sdk/types.ts';
import type { Message, Preview } from '../../../../shared/wire/rest.ts';
import { isWithin, leadsElsewhere } from '../chat/links.ts';
import { readLocal, writeLocal } from '../platform/local.ts';
import { PreviewBatch, type Asked } from './preview-batch.ts';

const KEY = 'parley.link-previews';
/** Cards remembered, and that there are none. */
const KEPT = 500;

/** `loading` keeps the card's place, so that nothing moves when it comes. */
export type PreviewState = Preview | 'loading' | 'none';

/** Cards for the links of messages in view: asked for together, once for each state of a message. Owned by the app. */
export class LinkPreviews {
  readonly #known = new SvelteMap<string, PreviewState>();
  readonly #batch = new PreviewBatch((handle, batch) => void this.#load(handle, batch));
  #shown = $state(readLocal(KEY) !== 'off');
  /** Until the server says otherwise. */
  #offered = $state(true);

  /** Whether the reader wants them. */
  get shown(): boolean {
    return this.#shown;
  }
  set shown(shown: boolean) {
    this.#shown = shown;
    writeLocal(KEY, shown ? undefined : 'off');
  }

  /** Whether a message may have a card at all. */
  has(message: Message): boolean {
    return (
      this.#shown &&
      this.#offered &&
      message.deletedAt === undefined &&
      leadsElsewhere(message.text, location.origin)
    );
  }

  of(message: Message): PreviewState | undefined {
    return this.#known.get(keyOf(message));
  }

  /** Has the card asked for with the next question, if it is not known. */
  want(message: Message, handle: RoomHandle): void {
    const key = keyOf(message);
    if (this.#known.has(key)) return;
    this.#set(key, 'loading');
    this.#batch.add(handle, [message.seq, key]);
  }

  clear(): void {
    this.#batch.clear();
    this.#known.clear();
  }

  /** Never rejects: a card that cannot be had is none, and asked for again after a reload. */
  async #load(handle: RoomHandle, batch: readonly Asked[]): Promise<void> {
    try {
      const { previews, enabled } = await handle.previews(batch.map(([seq]) => seq));
      this.#offered = enabled;
      const cards = previews.filter(({ url }) => !isWithin(url, location.origin));
      for (const [seq, key] of batch) this.#set(key, cards.find((card) => card.seq === seq) ?? 'none');
    } catch {
      for (const [, key] of batch) this.#set(key, 'none');
    }
  }

  #set(key: string, state: PreviewState): void {
    this.#known.set(key, state);
    const oldest = this.#known.keys().next();
    if (this.#known.size > KEPT && !oldest.done) this.#known.delete(oldest.value);
  }
}

/** Reactions change a message too, and not its link; so the text decides. */
function keyOf({ room, seq, text }: Message): string {
  return `${room}:${String(seq)}:${text.slice(0, 200)}`;
}
