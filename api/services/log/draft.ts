import type { LogEntry } from '../../store/log.ts';

/** An entry to be: everything but its number, which stands behind `after` if anything does. */
export type Unnumbered = Omit<LogEntry, 'id' | 'seq' | 'rev' | 'at'> & { readonly after?: number };
/** A message to be. */
export type Draft = Unnumbered & { readonly kind: 'text' | 'notice'; readonly sender: string };
/** A change to be, made on the state `prev` of the message `of`. */
export type ChangeDraft = Omit<Unnumbered, 'after'> & {
  readonly kind: 'change';
  readonly of: number;
  readonly prev: number;
};
export interface Appended {
  readonly entry: LogEntry;
  /** false: the sender used this clientId before, and `entry` is that first message. */
  readonly created: boolean;
  /** The `message` frame it was published as; absent where there was none. */
  readonly frame?: string | undefined;
}

/** Another change followed the same state first: go again on the new one. */
export class Outrun extends Error {}
