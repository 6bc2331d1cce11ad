import type { Client } from '../../../../shared/sdk/types.ts';
import { placeOf } from '../../../../shared/wire/writing.ts';
import { DraftBook } from '../chat/draft-book.ts';
import { codeOf } from '../chat/problems.ts';
import { readLocal, writeLocal } from '../platform/local.ts';

const KEY = 'parley.drafts';
/** ms without a key until a draft is kept for the other devices. */
const REST = 800;
/** ms to the next try when it could not be kept. */
const RETRY = 10_000;

/** Out of the room, its thread gone, or longer than any message. */
const FINAL: readonly string[] = ['not_found', 'forbidden', 'invalid'];

type DraftClient = Pick<Client, 'drafts' | 'draftsRead' | 'setDraft' | 'connection'>;

/** What was typed and not sent, by room or thread (`placeKey`). Survives a reload, and is the same on all of one's devices. */
export class Drafts {
  readonly #client: DraftClient;
  readonly #book = new DraftBook(readLocal(KEY));
  #version = $state(0);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: DraftClient) {
    this.#client = client;
  }

  get(place: string): string {
    void this.#version;
    return this.#book.get(place);
  }

  set(place: string, text: string): void {
    this.#book.write(place, text);
    this.#noteChange();
    // Sent or emptied: the other devices need not wait.
    this.#wait(text === '' ? 0 : REST);
  }

  /** Nothing of one person's is left for the next at this screen. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#book.clear();
    this.#version++;
    writeLocal(KEY, undefined);
  }

  /** Follows the other devices; gives the stop. */
  start(): () => void {
    const unsubscribe = this.#client.drafts.subscribe((drafts) => {
      if (this.#book.merge(drafts.values(), this.#client.draftsRead.get())) this.#noteChange();
      this.#wait(REST);
    });
    return () => {
      unsubscribe();
      clearTimeout(this.#timer);
    };
  }

  #noteChange(): void {
    this.#version++;
    writeLocal(KEY, this.#book.toString());
  }

  #wait(ms: number): void {
    clearTimeout(this.#timer);
    if (this.#book.dirty.length === 0) return;
    this.#timer = setTimeout(() => {
      this.#save().catch(() => {
        this.#wait(RETRY);
      });
    }, ms);
  }

  async #save(): Promise<void> {
    // The list of drafts that comes with the connection begins it anew.
    if (this.#client.connection.get().name === 'offline') return;
    for (const place of this.#book.dirty) {
      const text = this.#book.get(place);
      this.#book.saved(place, text, await this.#keep(place, text));
    }
    writeLocal(KEY, this.#book.toString());
    if (this.#book.dirty.length > 0) this.#wait(REST);
  }

  /** Gives the draft's version. What the server will never take stays on this device. */
  async #keep(place: string, text: string): Promise<number> {
    const { room, ...where } = placeOf(place);
    try {
      await this.#client.setDraft(room, { ...where, text });
    } catch (error) {
      if (!FINAL.includes(codeOf(error) ?? '')) throw error;
    }
    return this.#client.drafts.get().get(place)?.v ?? 0;
  }
}
