import type { Client, TimelineItem } from '../../../../shared/sdk/types.ts';
import type { Room } from '../../../../shared/wire/rest.ts';
import { lastWord, WaitingOrder } from '../chat/waiting.ts';
import { Live } from './live.svelte.ts';
import { WaitingRooms, type WaitingIn } from './waiting-rooms.ts';

/** What of one's own waits to be sent, as the list of rooms shows it. Owned by the app. */
export class Waiting {
  readonly rooms: WaitingRooms;
  readonly #last: Live<WaitingIn>;
  readonly #order = new WaitingOrder();

  constructor(client: Pick<Client, 'rooms' | 'connection' | 'room'>) {
    this.rooms = new WaitingRooms(client);
    this.#last = new Live(this.rooms.last);
  }

  /** The message that waits in this room, where it is the last word there. */
  in(room: Room): TimelineItem | undefined {
    return lastWord(room, this.#last.current.get(room.id));
  }

  /** These rooms in the order they will have once all is sent. */
  order(rooms: readonly Room[]): readonly Room[] {
    return this.#order.of(rooms, this.#last.current);
  }
}
