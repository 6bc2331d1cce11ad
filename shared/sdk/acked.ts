import { renameSender, sortBySeq } from '../wire/merge.ts';
import type { Message } from '../wire/rest.ts';
import { beside, type OutboxEntry } from './outbox-store.ts';
import type { Stored } from './outbox.ts';

/** One's own messages of a room that are acknowledged and whose frames are not here yet; each ends with its number. */
export class Acked {
  #messages: readonly Message[] = [];

  /** Ascending by seq. */
  get messages(): readonly Message[] {
    return this.#messages;
  }

  add(entry: OutboxEntry, { seq, id, at }: Stored, sender: Message['sender']): void {
    const { room, clientId, text } = entry;
    const fixed = { room, seq, id, clientId, kind: 'text', text, at, rev: seq } as const;
    const others = this.#messages.filter((message) => message.seq !== seq);
    this.#messages = sortBySeq([...others, { ...fixed, ...beside(entry), sender }]);
  }

  /** Everything up to `known` is here. */
  heard(known: number): void {
    if (this.#messages.length > 0) this.#messages = this.#messages.filter(({ seq }) => seq > known);
  }

  rename(user: Message['sender']): void {
    this.#messages = renameSender(this.#messages, user);
  }

  clear(): void {
    this.#messages = [];
  }
}
