/** A room's timeline: what of its log, its outbox and its threads is shown. */
import type { Message } from '../wire/rest.ts';
import { withoutReplies } from './aside.ts';
import type { RoomLog } from './room-log.ts';
import { buildItems, sameTimeline, type TimelineParts } from './timeline.ts';
import type { Timeline } from './types.ts';

export interface RoomTimelineParts extends Omit<TimelineParts, 'messages'> {
  readonly log: RoomLog;
  /** Its reader wants it loaded; `error`: why it is not. */
  readonly wanted: boolean;
  readonly error: string | undefined;
  readonly readSeqAtOpen: number;
}

const isOutside = (message: { readonly thread?: number }): boolean => message.thread === undefined;

/** Makes a room's timelines, one after the other. Their rows are gone through only when something of them may differ. */
export class RoomTimeline {
  #made:
    | { readonly items: Timeline['items']; readonly shown: readonly Message[]; readonly of: TimelineParts }
    | undefined;

  /** The timeline that follows `before`: `before` itself where nothing shown differs. Replies stand in their threads. */
  after(before: Timeline, parts: RoomTimelineParts): Timeline {
    const { log, wanted, error, readSeqAtOpen } = parts;
    const next: Timeline = {
      items: this.#items(before.items, parts),
      atStart: log.atStart,
      detached: log.detached,
      loadingOlder: log.loadingOlder,
      loading: wanted && !log.loaded && error === undefined,
      readSeqAtOpen,
      ...(error === undefined ? {} : { error }),
    };
    return sameTimeline(before, next) ? before : next;
  }

  #items(before: Timeline['items'], parts: RoomTimelineParts): Timeline['items'] {
    const { shown, detached } = parts.log;
    const last = this.#made;
    const of: TimelineParts = {
      ...parts,
      messages: last?.shown === shown ? last.of.messages : withoutReplies(shown),
      acked: detached ? [] : parts.acked.filter(isOutside),
      rows: detached ? [] : parts.rows.filter(({ entry }) => isOutside(entry)),
    };
    if (last !== undefined && last.items === before && isSame(last.of, of)) return before;
    const items = buildItems(before, of);
    this.#made = { items, shown, of };
    return items;
  }
}

/** Whether the same rows come of them; what waits is always looked at. */
function isSame(a: TimelineParts, b: TimelineParts): boolean {
  if (a.acked.length + b.acked.length + a.rows.length + b.rows.length > 0) return false;
  return (
    a.messages === b.messages &&
    a.lines === b.lines &&
    a.me?.id === b.me?.id &&
    a.thresholds.read === b.thresholds.read &&
    a.thresholds.delivered === b.thresholds.delivered
  );
}
