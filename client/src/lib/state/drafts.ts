import { readLocal, writeLocal } from '../platform/local.ts';

const KEY = 'parley.drafts';
/** The oldest go first when there are more. */
const LIMIT = 100;

/** What was typed and not sent, by room. Survives a reload. */
export class Drafts {
  readonly #texts: Map<string, string>;

  constructor() {
    this.#texts = new Map(parseDrafts(readLocal(KEY)));
  }

  get(room: string): string {
    return this.#texts.get(room) ?? '';
  }

  set(room: string, text: string): void {
    this.#texts.delete(room);
    if (text !== '') this.#texts.set(room, text);
    for (const oldest of this.#texts.keys()) {
      if (this.#texts.size <= LIMIT) break;
      this.#texts.delete(oldest);
    }
    writeLocal(KEY, JSON.stringify([...this.#texts]));
  }

  /** Nothing of one person's is left for the next at this screen. */
  clear(): void {
    this.#texts.clear();
    writeLocal(KEY, undefined);
  }
}

function parseDrafts(text: string | undefined): readonly (readonly [string, string])[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(value) ? value.filter(isDraft) : [];
  } catch {
    return [];
  }
}

function isDraft(value: unknown): value is readonly [string, string] {
  return Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'string';
}
