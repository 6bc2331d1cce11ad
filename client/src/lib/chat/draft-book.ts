import type { Draft } from '../../../../shared/wire/rest.ts';
import { placeKey } from '../../../../shared/wire/writing.ts';

/** One draft as this device has it. */
interface Entry {
  readonly text: string;
  /** The server's version it is, or is based on; 0: the server does not have it. */
  readonly v: number;
  /** Written here and not yet kept by the server. */
  readonly dirty: boolean;
}

/** The oldest go first when there are more. */
const LIMIT = 200;

/** What was typed and not sent, by room or thread (`placeKey`): what is written here wins until the server has it, then the latest from anywhere. */
export class DraftBook {
  readonly #entries: Map<string, Entry>;

  /** `stored`: what `toString` gave. */
  constructor(stored?: string) {
    this.#entries = new Map(parseEntries(stored));
  }

  get(place: string): string {
    return this.#entries.get(place)?.text ?? '';
  }

  /** Where the server lacks the draft. */
  get dirty(): readonly string[] {
    return [...this.#entries].filter(([, { dirty }]) => dirty).map(([place]) => place);
  }

  /** Typed here. */
  write(place: string, text: string): void {
    const before = this.#entries.get(place);
    if ((before?.text ?? '') === text) return;
    this.#put(place, { text, v: before?.v ?? 0, dirty: true });
  }

  /** The server has `text`, under this version. */
  saved(place: string, text: string, v: number): void {
    const now = this.#entries.get(place);
    if (now === undefined) return;
    this.#put(place, { text: now.text, v, dirty: now.text !== text });
  }

  /** The server's drafts; true where one of them replaced what stood here. `whole`: what is not among them has ended. */
  merge(drafts: Iterable<Draft>, whole = false): boolean {
    // Where there are too many, the latest are those that stay.
    const given = [...drafts].sort((a, b) => (a.at < b.at ? -1 : 1));
    let changed = whole && this.#endOthers(new Set(given.map(placeKey)));
    for (const draft of given) {
      const { text, v } = draft;
      const place = placeKey(draft);
      const mine = this.#entries.get(place);
      if (mine?.dirty === true || (mine?.v ?? 0) >= v) continue;
      if (mine === undefined && text === '') continue;
      this.#put(place, { text, v, dirty: false });
      changed ||= (mine?.text ?? '') !== text;
    }
    return changed;
  }

  /** Sent or emptied on another device while this one was away. */
  #endOthers(listed: ReadonlySet<string>): boolean {
    const ended = [...this.#entries].filter(([place, { v, dirty }]) => v > 0 && !dirty && !listed.has(place));
    for (const [place] of ended) this.#entries.delete(place);
    return ended.length > 0;
  }

  clear(): void {
    this.#entries.clear();
  }

  toString(): string {
    return JSON.stringify([...this.#entries].map(([place, { text, v, dirty }]) => [place, text, v, dirty]));
  }

  #put(place: string, entry: Entry): void {
    this.#entries.delete(place);
    if (entry.text !== '' || entry.dirty) this.#entries.set(place, entry);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= LIMIT) break;
      this.#entries.delete(oldest);
    }
  }
}

function parseEntries(stored: string | undefined): readonly (readonly [string, Entry])[] {
  try {
    const value: unknown = JSON.parse(stored ?? '[]');
    return Array.isArray(value) ? value.flatMap(entryIn) : [];
  } catch {
    return [];
  }
}

function entryIn(value: unknown): (readonly [string, Entry])[] {
  if (!Array.isArray(value)) return [];
  const [place, text, v = 0, dirty = true] = value as readonly unknown[];
  if (typeof place !== 'string' || typeof text !== 'string') return [];
  return [[place, { text, v: typeof v === 'number' ? v : 0, dirty: dirty === true }]];
}
