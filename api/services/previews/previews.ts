import type { Preview, PreviewList } from '../../../shared/wire/rest.ts';
import type { LogEntry } from '../../store/log.ts';
import type { CardCache, Known } from './cache.ts';
import type { Card } from './card.ts';
import { previewedLink } from './link.ts';

/** Pages fetched at once, and those that wait for it. */
const CONCURRENCY = 4;
const MAX_WAITING = 100;
/** ms somebody who asks waits at most; the page is fetched to its end all the same. */
const WAIT = 6_000;

export interface PreviewDeps {
  /** False: nobody gets any, and nothing is fetched. */
  readonly enabled: boolean;
  readonly cache: Pick<CardCache, 'get' | 'set'>;
  /** Never rejects. */
  readonly fetch: (url: string) => Promise<Card | undefined>;
  /** ms somebody who asks waits at most. */
  readonly wait?: number;
  /** The messages of a room with these numbers, for a member; rejects `not_found` for others. */
  readonly messages: (user: string, room: string, seqs: readonly number[]) => Promise<readonly LogEntry[]>;
}

/**
 * Cards for the links of messages that somebody looks at. Nothing of it is in the log: a page is fetched when the first
 * member asks, so no send waits for one, and what nobody sees is not fetched.
 */
export class Previews {
  readonly #deps: PreviewDeps;
  /** Pages under way or waiting, by address: who asks for the same waits for the same. */
  readonly #pending = new Map<string, Promise<Known>>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #closed = false;

  constructor(deps: PreviewDeps) {
    this.#deps = deps;
  }

  /** Those of the messages that have a card. A node with too much to do leaves some out; they may be asked for again. */
  async of(user: string, room: string, seqs: readonly number[]): Promise<PreviewList> {
    const entries = await this.#deps.messages(user, room, seqs);
    if (!this.#deps.enabled) return { previews: [], enabled: false };
    const patience = new AbortController();
    const late = new Promise<null>((resolve) => {
      const timer = setTimeout(() => resolve(null), this.#deps.wait ?? WAIT);
      patience.signal.addEventListener('abort', () => clearTimeout(timer));
    });
    try {
      const previews = await Promise.all(entries.map((entry) => this.#ofEntry(entry, late)));
      return { previews: previews.filter((preview) => preview !== undefined), enabled: true };
    } finally {
      patience.abort();
    }
  }

  /** Those who wait for their turn get nothing; what is under way ends within its time. */
  close(): void {
    this.#closed = true;
    for (const go of this.#waiting.splice(0)) go();
  }

  async #ofEntry(
    { kind, seq, text, deletedAt }: LogEntry,
    late: Promise<null>,
  ): Promise<Preview | undefined> {
    if (kind !== 'text' || deletedAt !== undefined) return undefined;
    const url = previewedLink(text ?? '');
    if (url === undefined) return undefined;
    const card = await Promise.race([this.#card(url), late]);
    return card === null ? undefined : { seq, url, ...card };
  }

  async #card(url: string): Promise<Known> {
    const known = await this.#deps.cache.get(url);
    if (known !== undefined) return known;
    const pending = this.#pending.get(url);
    if (pending !== undefined) return pending;
    if (this.#closed || this.#pending.size >= CONCURRENCY + MAX_WAITING) return null;
    const work = this.#fetch(url).finally(() => this.#pending.delete(url));
    this.#pending.set(url, work);
    return work;
  }

  async #fetch(url: string): Promise<Known> {
    if (this.#running >= CONCURRENCY) await new Promise<void>((go) => this.#waiting.push(go));
    if (this.#closed) return null;
    this.#running += 1;
    try {
      const card = (await this.#deps.fetch(url)) ?? null;
      await this.#deps.cache.set(url, card);
      return card;
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }
}
