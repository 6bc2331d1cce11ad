import type { Message } from '../../shared/wire/rest.ts';
import type { LogPort } from './ports.ts';

interface ArchiveDeps {
  readonly log: Pick<LogPort, 'unread'>;
  readonly blockedBy: (user: string) => Promise<readonly string[]>;
}
interface PutAway {
  readonly room: string;
  /** Up to where it was put away; 0: not. */
  readonly archivedSeq: number;
  readonly last: Message | undefined;
}

/**
 * Up to where rooms are put away that somebody whom the user blocked wrote in last: that is no news. Of other rooms nothing.
 * Reads nothing where no room has something new.
 */
export async function stillAway(
  { log, blockedBy }: ArchiveDeps,
  user: string,
  rooms: readonly PutAway[],
): Promise<ReadonlyMap<string, number>> {
  const moved = rooms.flatMap(({ room, archivedSeq, last }) =>
    archivedSeq > 0 && last?.kind === 'text' && last.seq > archivedSeq && last.sender.id !== user
      ? [{ room, readSeq: archivedSeq, head: last.seq, sender: last.sender.id }]
      : [],
  );
  if (moved.length === 0) return new Map();
  const blocked = new Set(await blockedBy(user));
  const asked = moved.filter(({ sender }) => blocked.has(sender));
  const since = await log.unread(user, asked);
  return new Map(asked.flatMap(({ room, head }) => (since.get(room)?.unread === 0 ? [[room, head]] : [])));
}
