import type { Draft } from '../../../../shared/wire/rest.ts';

/** One room's draft as this device has it. */
interface Entry {
  readonly text: string;
  /** The server's version it is, or is based on. */
  readonly v: number;
  /** Written here and not yet kept by the server. */
  readonly dirty: boolean;
}

/** The oldest go first when there are more. */
const LIMIT = 100;

/** What was typed and not sent, by room: what is written here wins until the server has it, then the latest from anywhere. */
export class DraftBook {
  readonly #entries: Map<string, Entry>;

  /** `stored`: what `toString` gave. */
  constructor(stored?: string) {
    this.#entries = new Map(parseEntries(stored));
  }

  get(room: string): string {
    return this.#entries.get(room)?.text ?? '';
  }

  /** Rooms whose draft the server lacks. */
  get dirty(): readonly string[] {
    return [...this.#entries].filter(([, { dirty }]) => dirty).map(([room]) => room);
  }

  /** Typed here. */
  write(room: string, text: string): void {
    const before = this.#entries.get(room);
    if ((before?.text ?? '') === text) return;
    this.#put(room, { text, v: before?.v ?? 0, dirty: true });
  }

  /** The server has `text`, under this version. */
  saved(room: string, text: string, v: number): void {
    const now = this.#entries.get(room);
    if (now === undefined) return;
    this.#put(room, { text: now.text, v, dirty: now.text !== text });
  }

  /** The server's drafts; true where one of them replaced what stood here. */
  merge(drafts: Iterable<Draft>): boolean {
    let changed = false;
    for (const { room, text, v } of drafts) {
      const mine = this.#entries.get(room);
      if (mine?.dirty === true || (mine?.v ?? 0) >= v) continue;
      if (mine === undefined && text === '') continue;
      this.#put(room, { text, v, dirty: false });
      changed ||= (mine?.text ?? '') !== text;
    }
    return changed;
  }

  clear(): void {
    this.#entries.clear();
  }

  toString(): string {
    return JSON.stringify([...this.#entries].map(([room, { text, v, dirty }]) => [room, text, v, dirty]));
  }

  #put(room: string, entry: Entry): void {
    this.#entries.delete(room);
    if (entry.text !== '' || entry.dirty) this.#entries.set(room, entry);
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
  const [room, text, v = 0, dirty = true] = value as readonly unknown[];
  if (typeof room !== 'string' || typeof text !== 'string') return [];
  return [[room, { text, v: typeof v === 'number' ? v : 0, dirty: dirty === true }]];
}
