import { mergeMessages } from '../wire/merge.ts';
import type { Message } from '../wire/rest.ts';
import { addUnread, countUnread, UNREAD_CAP, type Unread } from '../wire/unread.ts';

/** Messages remembered one by one; of more, the older half is only counted. */
const MAX_HEARD = 2 * UNREAD_CAP;
const NOTHING: Unread = { unread: 0, mentions: 0 };

/**
 * Unread of a room whose messages are not held: the server's count up to the head it was counted at, and what was heard
 * above that. So it does not matter whether a frame or the answer that counts it comes first. Each method that takes a
 * fact says whether the count is still right; if not, the server is to be asked anew.
 */
export class UnreadTail {
  #base = NOTHING;
  /** What is at or below this number is in `#base`. */
  #upTo = 0;
  #heard: readonly Message[] = [];

  get upTo(): number {
    return this.#upTo;
  }

  /** A count of all that is unread up to `head`. One older than what is known already is not taken. */
  adopt(counted: Unread, head: number): boolean {
    if (head < this.#upTo) return false;
    const changedSince = this.#heard.some((message) => message.seq <= head && changedAbove(message, head));
    this.#base = counted;
    this.#upTo = head;
    this.#heard = this.#heard.filter((message) => message.seq > head);
    return !changedSince;
  }

  /** A message as it stands now, in whatever way it came. */
  see(message: Message, readSeq: number, user: string, blocked?: ReadonlySet<string>): boolean {
    if (message.seq > this.#upTo) {
      this.#heard = mergeMessages(this.#heard, [message]);
      return this.#fold(readSeq, user, blocked);
    }
    return message.seq <= readSeq || !changedAbove(message, this.#upTo);
  }

  /** The cursor moved to `readSeq`. */
  read(readSeq: number): boolean {
    if (readSeq < this.#upTo) return this.#base.unread === 0;
    this.#base = NOTHING;
    return true;
  }

  count(readSeq: number, user: string, blocked?: ReadonlySet<string>): Unread {
    return addUnread(this.#base, countUnread(this.#heard, readSeq, user, blocked));
  }

  /** Bounds what is remembered. A message that comes late, below what is only counted, may be missed: not at the cap. */
  #fold(readSeq: number, user: string, blocked?: ReadonlySet<string>): boolean {
    if (this.#heard.length <= MAX_HEARD) return true;
    const older = this.#heard.slice(0, MAX_HEARD / 2);
    const base = addUnread(this.#base, countUnread(older, readSeq, user, blocked));
    this.adopt(base, older.at(-1)?.seq ?? this.#upTo);
    return base.unread >= UNREAD_CAP;
  }
}

/** True where a count up to `head` may lack what this state changes: the server counts states up to the same number. */
function changedAbove({ rev, deletedAt, editedAt }: Message, head: number): boolean {
  return rev > head && (deletedAt !== undefined || editedAt !== undefined);
}
