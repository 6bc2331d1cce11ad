import type { Message, NoticeEvent } from '../../shared/wire/rest.ts';

/** What the rules about rooms and members need of the rooms' logs. */
export interface LogPort {
  /** Appends a notice; gives its seq. */
  notice(room: string, by: string, event: NoticeEvent, text: string): Promise<number>;
  /** The decided head: nothing at or below it is undecided. Cheap. */
  head(room: string): Promise<number>;
  heads(rooms: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Counted up to 100 each. */
  unread(
    user: string,
    rooms: readonly { readonly room: string; readonly readSeq: number; readonly head: number }[],
  ): Promise<ReadonlyMap<string, { readonly unread: number; readonly mentions: number }>>;
  /** The newest message of each room that has one. */
  lastMessages(rooms: readonly string[]): Promise<ReadonlyMap<string, Message>>;
  /** The highest seq stored. */
  highest(room: string): Promise<number>;
  /** Everything of a room that goes. */
  deleteRoom(room: string): Promise<void>;
}
