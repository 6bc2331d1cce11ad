/** A room's timeline: what of its log, its outbox and its threads is shown. */
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

/** The timeline that follows `before`: `before` itself where nothing shown differs. Replies stand in their threads. */
export function roomTimeline(before: Timeline, parts: RoomTimelineParts): Timeline {
  const { log, wanted, error, readSeqAtOpen } = parts;
  const { detached } = log;
  const next: Timeline = {
    items: buildItems(before.items, {
      ...parts,
      messages: withoutReplies(log.shown),
      acked: detached ? [] : parts.acked.filter(isOutside),
      rows: detached ? [] : parts.rows.filter(({ entry }) => isOutside(entry)),
    }),
    atStart: log.atStart,
    detached,
    loadingOlder: log.loadingOlder,
    loading: wanted && !log.loaded && error === undefined,
    readSeqAtOpen,
    ...(error === undefined ? {} : { error }),
  };
  return sameTimeline(before, next) ? before : next;
}
