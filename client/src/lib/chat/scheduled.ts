import type { Scheduled } from '../../../../shared/wire/rest.ts';

/** Whether it goes there: into that thread, or where none is named into the room outside its threads. */
export function isAt(
  message: Pick<Scheduled, 'room' | 'thread'>,
  { room, thread }: { readonly room: string; readonly thread?: number | undefined },
): boolean {
  return message.room === room && message.thread === thread;
}
