/** What of one's own is on its way into a room, as the list of rooms shows it. */
import type { TimelineItem } from '../../../../shared/sdk/types.ts';
import type { Room } from '../../../../shared/wire/rest.ts';

/** `item` where it is the last word of the room so far: nothing came behind it, and the room does not tell of it itself yet. */
export function lastWord(room: Room, item: TimelineItem | undefined): TimelineItem | undefined {
  if (item === undefined) return undefined;
  const last = room.lastMessage;
  if ('seq' in item.message) return item.message.seq > (last?.seq ?? 0) ? item : undefined;
  // What was refused stays where it was written; what is to be sent goes behind everything.
  const isPassed = item.state?.name === 'failed' && momentOf(last) > momentOf(item.message);
  return isPassed ? undefined : item;
}

type Words = ReadonlyMap<string, TimelineItem>;
interface Ordered {
  readonly rooms: readonly Room[];
  readonly waiting: Words;
  readonly next: readonly Room[];
}

/** Keeps rooms in the order they will have once what waits is sent: the same list as long as nothing differs. */
export class WaitingOrder {
  #last: Ordered | undefined;

  of(rooms: readonly Room[], waiting: Words): readonly Room[] {
    if (waiting.size === 0) return rooms;
    if (this.#last?.rooms !== rooms || this.#last.waiting !== waiting)
      this.#last = { rooms, waiting, next: inOrder(rooms, waiting) };
    return this.#last.next;
  }
}

/** Each room with a last word that waits goes up to where its time puts it among the last words of the others. */
function inOrder(rooms: readonly Room[], waiting: Words): readonly Room[] {
  const timeOf = (room: Room): number =>
    momentOf(lastWord(room, waiting.get(room.id))?.message ?? room.lastMessage);
  const next = [...rooms];
  const risen = rooms.filter((room) => lastWord(room, waiting.get(room.id)) !== undefined);
  for (const room of risen.sort((a, b) => timeOf(a) - timeOf(b))) {
    const from = next.indexOf(room);
    const to = next.findIndex((other) => timeOf(other) < timeOf(room));
    if (to >= 0 && to < from) next.splice(to, 0, ...next.splice(from, 1));
  }
  return next;
}

const momentOf = (message: { readonly at: string } | undefined): number =>
  message === undefined ? 0 : Date.parse(message.at);
