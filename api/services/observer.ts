import type { ErrorCode } from '../../shared/wire/rest.ts';
import type { AttachmentObserver } from './attachments/index.ts';
import type { Impatience } from './patience.ts';

/** What a batch of entries waits for: its numbers, its insert, its publish. */
export type Step = 'numbers' | 'insert' | 'publish';
/** How a send ended. */
export type SendOutcome = 'created' | 'repeated' | ErrorCode;

/** Hears what the services do, for the metrics. Called once a batch or once a send: it must cost next to nothing. */
export interface Observer extends AttachmentObserver {
  /** Entries that go into one insert. */
  batch(entries: number): void;
  took(step: Step, ms: number): void;
  /** Numbers that came to nothing. */
  voided(numbers: number): void;
  /** From its acceptance to its answer. */
  sent(via: 'rest' | 'socket', outcome: SendOutcome, ms: number): void;
  /** Turned away by `queue` (full), `age` (the oldest has waited too long), `waited` (too long in the queue itself), or by impatience. */
  refused(why: Impatience | 'queue' | 'age' | 'waited'): void;
}

/** For those who have no metrics. */
export const UNOBSERVED: Observer = Object.freeze({
  batch: () => undefined,
  took: () => undefined,
  voided: () => undefined,
  sent: () => undefined,
  refused: () => undefined,
  uploaded: () => undefined,
  received: () => undefined,
  sentOut: () => undefined,
  swept: () => undefined,
});
