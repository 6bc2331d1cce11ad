import type { Arrival } from '../../../../shared/sdk/types.ts';
import type { Message } from '../../../../shared/wire/rest.ts';

/** Messages that wait at the most; of more, the newest. */
const MOST = 1_000;

/** ms that news wait, so that what comes together is told of together. */
export interface Patience {
  readonly message: number;
  /** Of a reply it must be known whether one follows its thread, which its coming may change. */
  readonly reply: number;
}

/** What is new in one room. */
export interface RoomNews {
  readonly messages: readonly Message[];
  /** Those that came while somebody looked. */
  readonly seen: readonly Message[];
  /** Some that were not read here name the reader; `isNamedSeen`: and somebody looked as word of them came. */
  readonly isNamed: boolean;
  readonly isNamedSeen: boolean;
}
const NOTHING: RoomNews = { messages: [], seen: [], isNamed: false, isNamedSeen: false };

interface Waiting {
  readonly room: string;
  readonly due: number;
  readonly isSeen: boolean;
  /** Undefined: word of some that name the reader. */
  readonly message?: Message;
}

/** What came and was not told of yet. Pure; times are in ms by any clock. */
export class AlertQueue {
  #waiting: readonly Waiting[] = [];

  /** `isSeen`: somebody looks at the window. */
  add({ room, messages, mentions }: Arrival, now: number, patience: Patience, isSeen: boolean): void {
    const news = messages.map((message): Waiting => {
      const due = now + (message.thread === undefined ? patience.message : patience.reply);
      return { room, due, isSeen, message };
    });
    const named: readonly Waiting[] = mentions > 0 ? [{ room, due: now + patience.message, isSeen }] : [];
    this.#waiting = [...this.#waiting, ...news, ...named].slice(-MOST);
  }

  /** Takes out what has waited long enough, by room; `knows` says of which rooms one can judge yet. */
  take(now: number, knows: (room: string) => boolean): ReadonlyMap<string, RoomNews> {
    const isDue = ({ due, room }: Waiting): boolean => now >= due && knows(room);
    const news = new Map<string, RoomNews>();
    for (const one of this.#waiting.filter(isDue))
      news.set(one.room, withOne(news.get(one.room) ?? NOTHING, one));
    this.#waiting = this.#waiting.filter((one) => !isDue(one));
    return news;
  }

  /** When the next is due, or was; with `after`, the next of those due later. Undefined where there is none. */
  next(after = -Infinity): number | undefined {
    const times = this.#waiting.map(({ due }) => due).filter((due) => due > after);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  clear(): void {
    this.#waiting = [];
  }
}

function withOne(news: RoomNews, { message, isSeen }: Waiting): RoomNews {
  if (message === undefined) return { ...news, [isSeen ? 'isNamedSeen' : 'isNamed']: true };
  const kind = isSeen ? 'seen' : 'messages';
  return { ...news, [kind]: [...news[kind], message] };
}
