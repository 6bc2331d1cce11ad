/** What a conversation shows: its rows and the honest state of each. */
import type { ThreadLine } from './thread-lines.ts';
import type { ErrorCode, Message } from '../wire/rest.ts';

/** The honest state of one's own message. Messages of others have none. */
export type SendState =
  | { readonly name: 'queued' }
  | { readonly name: 'sending' }
  | { readonly name: 'sent' }
  | { readonly name: 'delivered' }
  | { readonly name: 'read' }
  | { readonly name: 'failed'; readonly code: ErrorCode; readonly reason: string };

/** One row of a conversation: a stored message, or one of one's own that waits in the outbox (no seq yet). */
export interface TimelineItem {
  /** Stable for a row's life: `clientId` for one's own, else the message's id. Use as a key. */
  readonly key: string;
  readonly message: Message | PendingMessage;
  readonly pending: boolean;
  /** Present on one's own messages. */
  readonly state?: SendState;
  /** Replies stand in a thread below it. */
  readonly thread?: ThreadLine;
}

export interface PendingMessage extends Omit<Message, 'seq' | 'id' | 'rev'> {
  readonly clientId: string;
}

/** A message of one's own that the server did not take, in a room one is not in any more. */
export interface RefusedMessage {
  /** For `client.room(room).discard(key)`. */
  readonly key: string;
  readonly room: string;
  readonly text: string;
  readonly at: string;
  readonly code: ErrorCode;
  readonly reason: string;
}

export interface Timeline {
  readonly items: readonly TimelineItem[];
  /** Nothing older exists (or may be read). */
  readonly atStart: boolean;
  /** A stretch of history that does not reach the newest: what is sent and comes in meanwhile is not in `items`. */
  readonly detached: boolean;
  readonly loadingOlder: boolean;
  /** First load under way and nothing to show yet. */
  readonly loading: boolean;
  readonly error?: string;
  /** Where the reader stood when the room was opened: the unread line stands above the first item with a higher seq. */
  readonly readSeqAtOpen: number;
}
