/** What a user interface does with one conversation or thread. */
import type {
  Attachment,
  EditHistory,
  Member,
  Message,
  PatchRoomBody,
  PreviewList,
  Role,
  Room,
  UserSummary,
} from '../wire/rest.ts';
import type { Observable } from './types.ts';
import type { Timeline } from './timeline-types.ts';

export interface SendOptions {
  readonly replyTo?: number;
  /** What `upload` gave for files of this room. */
  readonly attachments?: readonly Attachment[];
}

export interface UploadOptions {
  readonly name: string;
  /** Bytes sent, of how many. */
  readonly onProgress?: (sent: number, total: number) => void;
  readonly signal?: AbortSignal;
  /** Of a voice message: what only its recording told. */
  readonly voice?: { readonly duration: number; readonly waveform: readonly number[] };
}

/** A conversation's live state. Obtained from `client.room(id)`; stays valid for the client's life. */
export interface RoomHandle {
  readonly id: string;
  readonly info: Observable<Room | undefined>;
  readonly timeline: Observable<Timeline>;
  /** Members with cursors; loaded on first `loadMembers`, then kept up by frames. */
  readonly members: Observable<readonly Member[]>;
  /** Who types now (not oneself). */
  readonly typing: Observable<readonly UserSummary[]>;
  /** Loads the newest page if nothing is loaded yet; safe to call at each open. */
  open(): Promise<void>;
  loadOlder(): Promise<void>;
  /** Where the timeline is detached: the page behind it. */
  loadNewer(): Promise<void>;
  /** Shows the messages around `seq`; the timeline may be detached from the newest then. Rejects where they cannot be read. */
  jump(seq: number): Promise<void>;
  /** Shows the newest again. */
  leaveHistory(): void;
  /** Messages that others quote, by seq, once wanted by `quote`; null: it is not there. */
  readonly quotes: Observable<ReadonlyMap<number, Message | null>>;
  quote(seq: number): void;
  /** The thread below a message; stays valid while the room is. */
  thread(root: number): ThreadHandle;
  loadMembers(): Promise<void>;
  /** Into the outbox at once: gives the row's key. Never rejects for network reasons. */
  send(text: string, options?: SendOptions): string;
  /**
   * Puts a file into the room, for a message to carry. Nothing of it is kept here: one that was under way at a reload is
   * gone. Rejects with ApiError (`too_large`, `unsupported_type`, `rate_limited` …), or with the signal's reason.
   */
  upload(file: Blob, options: UploadOptions): Promise<Attachment>;
  /** Sends a message of any of one's rooms on into this one, with its files; as `send`. */
  forward(message: Message): string;
  retry(key: string): void;
  /** Drops a failed or queued message of one's own. */
  discard(key: string): void;
  /**
   * Changes to a stored message, made at once over REST: nothing is queued. Each resolves when it is durable and shown;
   * repeating one is harmless. Rejects with ApiError: `forbidden`, `not_found`, `conflict` (deleted meanwhile), `invalid`,
   * or `rate_limited`, `overloaded`, `unavailable` where a few tries did not help; after `unavailable` it may still appear.
   */
  edit(seq: number, text: string): Promise<void>;
  /** What a message said before its edits, and says now; empty where it was deleted. Rejects with ApiError. */
  edits(seq: number): Promise<EditHistory>;
  /** One's own, or any as an owner or admin; a tombstone with `deletedAt` stays. */
  remove(seq: number): Promise<void>;
  /** Adds (`on`) or takes back one's own reaction. */
  react(seq: number, emoji: string, on: boolean): Promise<void>;
  /** Pins a message, or takes the pin away. */
  pin(seq: number, on: boolean): Promise<void>;
  /** The pinned messages as they stand, the latest pin first; at most 100. */
  pins(): Promise<readonly Message[]>;
  /** Cards for the links of these messages (at most 20); those without one are left out. May take seconds. */
  previews(seqs: readonly number[]): Promise<PreviewList>;
  /** Marks read up to `seq` (default: the newest loaded). Never moves back. */
  markRead(seq?: number): void;
  /** Tells the others, at most every 3 s. */
  setTyping(): void;
  update(patch: PatchRoomBody): Promise<void>;
  addMembers(users: readonly string[]): Promise<void>;
  setRole(user: string, role: Role): Promise<void>;
  removeMember(user: string): Promise<void>;
  leave(): Promise<void>;
  delete(): Promise<void>;
}

/** A thread's live state. */
export interface ThreadHandle {
  readonly root: number;
  readonly message: Observable<Message | undefined>;
  /** Its replies. */
  readonly timeline: Observable<Timeline>;
  /** Reads the newest replies; at each opening, and by itself after a reconnect. */
  open(): Promise<void>;
  loadOlder(): Promise<void>;
  send(text: string, options?: SendOptions): string;
  /** Up to `seq` (default: the newest held). Never moves back. */
  markRead(seq?: number): void;
  follow(on: boolean): Promise<void>;
}
