/** Messages with all they carry, and the pages, threads and search results that give them. */
import type { MessageDraft } from './protocol.ts';
import type { UserSummary } from './users.ts';

export interface Attachment {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  /** Of a picture, as it is shown; `?thumb=1` gives a small one then. */
  readonly width?: number;
  readonly height?: number;
  /** Seconds of sound, as its sender measured it. */
  readonly duration?: number;
  /** Its loudness over time, 0 to 100, as its sender measured it. */
  readonly waveform?: readonly number[];
}

/** What this server lets the caller do; GET /config. */
export interface ServerConfig {
  readonly files: {
    /** Of one file. */
    readonly maxBytes: number;
    /** Of all the caller's files together; absent: as much as they like. */
    readonly quota?: { readonly bytes: number; readonly used: number };
  };
}

/** A structured notice; `text` beside it is the English fallback. */
export interface NoticeEvent {
  readonly name:
    | 'created'
    | 'joined'
    | 'added'
    | 'left'
    | 'removed'
    | 'renamed'
    | 'topic'
    | 'role'
    | 'visibility'
    | 'pinned';
  /** Ids of the users it is about. */
  readonly users?: readonly string[];
  readonly by?: string;
  readonly value?: string;
}

/** The newest reply of a thread, told with its root. */
export interface LastReply {
  readonly seq: number;
  readonly at: string;
  /** Who replied, the latest first; at most 5. */
  readonly users: readonly Pick<UserSummary, 'id' | 'username' | 'displayName'>[];
}

export interface Message {
  readonly room: string;
  readonly seq: number;
  readonly id: string;
  readonly clientId?: string;
  readonly kind: 'text' | 'notice';
  readonly sender: Pick<UserSummary, 'id' | 'username' | 'displayName'>;
  readonly text: string;
  readonly at: string;
  /** Seq of its last change, its own seq before any. The higher one wins. */
  readonly rev: number;
  readonly replyTo?: number;
  readonly thread?: number;
  /** On a thread's root: how many replies there are, and the newest. Hints. */
  readonly replies?: number;
  readonly lastReply?: LastReply;
  /** Forwarded from elsewhere: who wrote it. The room it comes from is not told. */
  readonly forwardedFrom?: { readonly sender: Pick<UserSummary, 'id' | 'username' | 'displayName'> };
  readonly event?: NoticeEvent;
  readonly mentions?: readonly string[];
  readonly attachments?: readonly Attachment[];
  readonly reactions?: Readonly<
    Record<string, { readonly count: number; readonly users: readonly string[] }>
  >;
  readonly pinnedAt?: string;
  readonly editedAt?: string;
  readonly deletedAt?: string;
}

/** What the page behind a message's link says of itself. */
export interface Preview {
  readonly seq: number;
  readonly url: string;
  readonly title: string;
  readonly description?: string;
  readonly site?: string;
}

export interface PreviewList {
  readonly previews: readonly Preview[];
  /** False where the server fetches none: there is no use in asking again. */
  readonly enabled: boolean;
}

/** What a message said from `at` on. */
export interface MessageVersion {
  readonly text: string;
  readonly at: string;
}

export interface EditHistory {
  /** Oldest first, the last as it now says. Empty: it was deleted. */
  readonly versions: readonly MessageVersion[];
  /** False: there were more edits than are told of; the first versions are missing. */
  readonly complete: boolean;
}

export interface MessagePage {
  /** Ascending by seq. */
  readonly messages: readonly Message[];
  /** The decided head: nothing at or below it is undecided. The resume position after a first load. */
  readonly head: number;
  /** Every message with a seq in here is in `messages`; [1, 0] when empty. */
  readonly complete: readonly [from: number, to: number];
}

/** A thread as it is to the one who asks. */
export interface ThreadInfo {
  readonly room: string;
  /** The root, with `replies` and `lastReply`. */
  readonly message: Message;
  readonly following: boolean;
  readonly readSeq: number;
  /** Replies of others above `readSeq`, counted up to 100. */
  readonly unread: number;
}

export interface ThreadList {
  /** The one with the newest reply first. */
  readonly threads: readonly ThreadInfo[];
  readonly next?: string;
}

export interface LogPage {
  readonly messages: readonly Message[];
  /** Older messages as they now stand. */
  readonly changed: readonly Message[];
  /** All there is to know up to here is in this answer. */
  readonly to: number;
  readonly head: number;
}

export interface SearchResults {
  /** Newest first, as they stand now. */
  readonly results: readonly Message[];
  readonly next?: string;
}

/** GET /search; `q`, `from` or `has` is needed. */
export interface SearchQuery {
  readonly q?: string;
  /** `true`: the word at the end of `q` may be only the beginning of one. */
  readonly prefix?: 'true';
  readonly room?: string;
  /** An id or a username. */
  readonly from?: string;
  /** Dates or times, ISO 8601: sent at or after, sent before. */
  readonly after?: string;
  readonly before?: string;
  /** Of `link`, `file`, `image`, `voice`, with commas between them. */
  readonly has?: string;
  readonly cursor?: string;
}

export type SendMessageBody = MessageDraft;
