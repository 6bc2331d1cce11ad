import type { Attachment, Room } from '../wire/rest.ts';
import type { OutboxEntry } from './outbox-store.ts';
import type { RefusedMessage } from './types.ts';

/** Messages that failed in rooms one is not in (any more); the same list while they stay the same. */
export function refusedIn(
  before: readonly RefusedMessage[],
  entries: readonly OutboxEntry[],
  rooms: readonly Room[],
): readonly RefusedMessage[] {
  const listed = new Set(rooms.map((room) => room.id));
  const next = entries.flatMap(
    ({ clientId: key, room, text, attachments = [], at, failed }): RefusedMessage[] =>
      failed === undefined || listed.has(room)
        ? []
        : [{ key, room, text: text || names(attachments), at, ...failed }],
  );
  const same = next.length === before.length && next.every(({ key }, i) => key === before[i]?.key);
  return same ? before : next;
}

/** What stands for a message without words. */
function names(attachments: readonly Attachment[]): string {
  return attachments.map(({ name }) => name).join(', ');
}
