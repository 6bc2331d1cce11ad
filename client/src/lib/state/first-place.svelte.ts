import type { RoomHandle, Timeline } from '../../../../shared/sdk/types.ts';
import type { Room } from '../../../../shared/wire/rest.ts';
import { seqOf } from '../chat/rows.ts';
import type { Place } from './places.ts';

/**
 * Where one begins to read. Who has more to read than the newest page holds begins at the unread line all the same: what
 * stands around it is fetched before anything is drawn. Owned by a conversation.
 */
export class FirstPlace {
  #state: 'unknown' | 'fetching' | 'here' = $state('unknown');

  /** It is known, and what stands there is here. */
  get isHere(): boolean {
    return this.#state === 'here';
  }

  /** Somewhere else is wanted. */
  skip(): void {
    this.#state = 'here';
  }

  /** `left`: where one stood at the last visit; `cutOff`: nothing can be fetched. */
  find(
    handle: RoomHandle,
    at: {
      readonly info: Room | undefined;
      readonly timeline: Timeline;
      readonly left: Place | undefined;
      readonly cutOff: boolean;
    },
  ): void {
    const { info, timeline, left, cutOff } = at;
    // What is here is shown, rather than nothing for as long as nobody answers.
    if (this.#state === 'fetching' && cutOff) this.skip();
    if (this.#state !== 'unknown' || timeline.items.length === 0) return;
    if (info === undefined && !cutOff) return;
    const wasHere = timeline.items.some(({ key }) => key === left?.key);
    if (info === undefined || cutOff || wasHere || !isLineBefore(timeline, info)) return this.skip();
    this.#state = 'fetching';
    // Without it one begins at the first there is.
    const end = (): void => {
      this.skip();
    };
    handle.jump(timeline.readSeqAtOpen + 1).then(end, end);
  }
}

/** Whether the first unread message stands before all that is here. */
function isLineBefore({ items, atStart, detached, readSeqAtOpen }: Timeline, { me }: Room): boolean {
  if (atStart || detached || me.unread === 0) return false;
  const first = items[0];
  return ((first && seqOf(first)) ?? 0) > readSeqAtOpen + 1;
}
