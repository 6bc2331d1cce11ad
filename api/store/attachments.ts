/**
 * What is known of each file that was uploaded, or came with a forwarded message; the bytes lie in GridFS, under the id of the
 * one that was uploaded. A record stands before the first byte is stored, and `sweepAt` is when somebody must look at it again:
 * no bytes are ever without a record that leads to them.
 */

/** `uploading`: bytes are coming in, under a lease. `ready`: all are here. `gone`: reached by nobody, to be removed. */
export type AttachmentState = 'uploading' | 'ready' | 'gone';

/** What the bytes turned out to be. */
export interface FileFacts {
  readonly type: string;
  readonly size: number;
  readonly width?: number;
  readonly height?: number;
  /** Seconds, as the sender says. */
  readonly duration?: number;
  /** Loudness over time, 0 to 100, as the sender says. */
  readonly waveform?: readonly number[];
  /** Bytes of the small picture, where there is one. */
  readonly thumbSize?: number;
}
export interface NewAttachment {
  readonly id: string;
  /** GridFS id of the small picture, chosen beforehand so that a sweep finds it. */
  readonly thumb: string;
  readonly owner: string;
  readonly room: string;
  readonly name: string;
}
/** A file that is here already, in one more message. */
export interface NewShare extends NewAttachment, FileFacts {
  readonly body: string;
}
export interface StoredAttachment extends NewAttachment, Partial<FileFacts> {
  readonly state: AttachmentState;
  /** The id its bytes lie under, where that is not its own. Then `thumb` is that file's as well. */
  readonly body?: string;
  /** The clientId of the owner's message that it belongs to. */
  readonly claim?: string;
  /** Absent once it is known to stand in a message. */
  readonly sweepAt?: Date;
}

export interface AttachmentStore {
  /** The record of an upload that begins, its lease ending at `until`. */
  begin(attachment: NewAttachment, until: Date): Promise<void>;
  /** Uploads of this user whose leases have not ended. */
  underway(owner: string, now: Date): Promise<number>;
  /** Bytes of this user's files that are here and wanted, each once however often they have it; without small pictures, and without some. */
  used(owner: string, without?: readonly string[]): Promise<number>;
  /** Prolongs an upload's lease; false where it was lost. */
  renew(id: string, until: Date): Promise<boolean>;
  /** All bytes are here; false where the lease was lost. */
  finish(id: string, facts: FileFacts, until: Date): Promise<boolean>;
  byIds(ids: readonly string[]): Promise<readonly StoredAttachment[]>;
  /** For the message with this clientId, unless another has them; gives how many are its own now. */
  claim(ids: readonly string[], clientId: string, until: Date): Promise<number>;
  /** Ready at once, and for the message with this clientId. One that stands already stays as it is; gives how many are new. */
  share(files: readonly NewShare[], clientId: string, until: Date): Promise<number>;
  /** Whether some record that is not gone leads to these bytes. */
  isReached(body: string): Promise<boolean>;
  /** What is to be looked at, the longest due first. */
  due(now: Date, limit: number): Promise<readonly StoredAttachment[]>;
  /** It stands in a message: no more to be looked at. */
  settle(id: string): Promise<void>;
  /** Reached by nobody from now on, and looked at again at `at`; false where it is no longer due. */
  retire(id: string, now: Date, at: Date): Promise<boolean>;
  /** As `retire`, due or not. */
  forget(ids: readonly string[], at: Date): Promise<void>;
  forgetRoom(room: string, at: Date): Promise<void>;
  forgetOwner(owner: string, at: Date): Promise<void>;
  remove(id: string): Promise<void>;
}

export const ATTACHMENT_INDEXES = [
  { name: 'room', key: { room: 1 } },
  /** For what a user has altogether. */
  { name: 'owner_state_size', key: { owner: 1, state: 1, size: 1 } },
  /** Only there where bytes have more than one record. */
  { name: 'body', key: { body: 1 }, partialFilterExpression: { body: { $exists: true } } },
  /** Only there while bytes come in. */
  { name: 'uploader', key: { uploader: 1 }, partialFilterExpression: { uploader: { $exists: true } } },
  { name: 'sweep', key: { sweepAt: 1 }, partialFilterExpression: { sweepAt: { $exists: true } } },
] as const;
