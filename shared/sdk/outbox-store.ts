import type { ForwardRef } from '../wire/protocol.ts';
import type { Attachment, ErrorCode, Message } from '../wire/rest.ts';
import type { Tabs } from './tabs.ts';
import type { Storage } from './types.ts';

/** A message that waits, as it is kept across reloads. */
export interface OutboxEntry {
  readonly clientId: string;
  readonly room: string;
  readonly text: string;
  readonly replyTo?: number;
  /** Here already; whole, so that what waits can be drawn. */
  readonly attachments?: readonly Attachment[];
  readonly thread?: number;
  /** A message to forward, whose text, files and author `text`, `attachments` and `sender` are. */
  readonly forward?: ForwardRef & { readonly sender: Message['sender'] };
  /** By this machine's clock; shown until the server's is known. */
  readonly at: string;
  readonly failed?: { readonly code: ErrorCode; readonly reason: string };
}

/** What an entry is beside its text, as its message shows it. */
export function beside({
  replyTo,
  thread,
  forward,
  attachments,
}: OutboxEntry): Pick<Message, 'replyTo' | 'thread' | 'forwardedFrom' | 'attachments'> {
  return {
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(thread === undefined ? {} : { thread }),
    ...(attachments === undefined ? {} : { attachments }),
    ...(forward === undefined ? {} : { forwardedFrom: { sender: forward.sender } }),
  };
}

export interface Saved {
  /** In the order of sending. */
  readonly entries: readonly OutboxEntry[];
  /** Seq of the last message sent in each room: the next one names it. Latest last. */
  readonly last: readonly (readonly [room: string, seq: number])[];
}

export const NOTHING_SAVED: Saved = { entries: [], last: [] };

export interface OutboxStoreDeps {
  readonly storage: Storage;
  readonly tabs: Tabs;
  /** The user whose outbox it is. */
  readonly user: string;
  readonly warn: (message: string, error: unknown) => void;
}

/**
 * The outbox as all of a user's tabs share it: one key, changed only inside one exclusive section, each change
 * announced. A storage that fails costs durability, never the sending: the tab then goes on from memory.
 */
export class OutboxStore {
  readonly #deps: OutboxStoreDeps;
  readonly #key: string;
  #memory: Saved = NOTHING_SAVED;
  /** The last write failed: what is stored is older than the memory. */
  #broken = false;
  /** The last read failed: what is stored is not known, and must not be written over. */
  #unread = false;

  constructor(deps: OutboxStoreDeps) {
    this.#deps = deps;
    this.#key = `outbox:${deps.user}`;
  }

  read(): Promise<Saved> {
    return this.#deps.tabs.exclusive(this.#key, () => this.#get());
  }

  /** Applies `change` to what is stored now and tells the other tabs, with `news` for them. */
  async update(change: (saved: Saved) => Saved, news: unknown = null): Promise<Saved> {
    const saved = await this.#deps.tabs.exclusive(this.#key, async () => {
      const next = change(await this.#get());
      await this.#put(next);
      return next;
    });
    this.#deps.tabs.post(this.#key, news);
    return saved;
  }

  /** Hears of other tabs' changes. */
  listen(listener: (news: unknown) => void): () => void {
    return this.#deps.tabs.listen(this.#key, listener);
  }

  lead(signal: AbortSignal, onLead: () => void): void {
    this.#deps.tabs.lead(this.#key, signal, onLead);
  }

  async clear(): Promise<void> {
    await this.#deps.tabs.exclusive(this.#key, async () => {
      this.#memory = NOTHING_SAVED;
      await this.#deps.storage.delete(this.#key);
    });
    this.#deps.tabs.post(this.#key, null);
  }

  async #get(): Promise<Saved> {
    if (this.#broken) return this.#memory;
    try {
      const text = await this.#deps.storage.get(this.#key);
      const saved = text === undefined ? NOTHING_SAVED : parseSaved(text);
      const found = this.#unread ? joined(saved, this.#memory) : saved;
      this.#unread = false;
      return found;
    } catch (error) {
      this.#unread = true;
      this.#deps.warn('the outbox could not be read', error);
      return this.#memory;
    }
  }

  async #put(saved: Saved): Promise<void> {
    this.#memory = saved;
    if (this.#unread) return;
    try {
      await this.#deps.storage.set(this.#key, JSON.stringify(saved));
      this.#broken = false;
    } catch (error) {
      this.#broken = true;
      this.#deps.warn('the outbox could not be saved', error);
    }
  }
}

/** What another version wrote may be of another shape; then there is nothing to go on with. */
function parseSaved(text: string): Saved {
  try {
    const value = JSON.parse(text) as Partial<Saved> | null;
    return Array.isArray(value?.entries) && Array.isArray(value.last) ? (value as Saved) : NOTHING_SAVED;
  } catch {
    return NOTHING_SAVED;
  }
}

/** Entries as text, as far as they are some. */
export function parseEntries(text: string | undefined): readonly OutboxEntry[] {
  if (text === undefined) return [];
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.filter(isEntry) : [];
  } catch {
    return [];
  }
}

function isEntry(value: unknown): value is OutboxEntry {
  const { clientId, room, text } = (value ?? {}) as Partial<OutboxEntry>;
  return typeof clientId === 'string' && typeof room === 'string' && typeof text === 'string';
}

/** What was stored, and behind it what came while that could not be read. */
function joined(saved: Saved, memory: Saved): Saved {
  const known = new Set(saved.entries.map(({ clientId }) => clientId));
  const last = new Map([...saved.last, ...memory.last]);
  return {
    entries: [...saved.entries, ...memory.entries.filter(({ clientId }) => !known.has(clientId))],
    last: [...last],
  };
}
