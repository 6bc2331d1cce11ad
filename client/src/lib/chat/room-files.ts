import type { Attachment, Message } from '../../../../shared/wire/rest.ts';
import { kindOf } from './attachments.ts';

export type FilesTab = 'image' | 'file';

/** One file of a room, with the message that brought it. */
export interface RoomFile {
  readonly attachment: Attachment;
  readonly message: Message;
}

/**
 * The files of a tab, newest first: those found on the server, and of the loaded messages what is newer than those, or
 * all there is once nothing more can be found. A loaded message says what is true: one that was deleted brings nothing.
 */
export function roomFiles(
  tab: FilesTab,
  found: readonly Message[],
  loaded: readonly Message[],
  isComplete: boolean,
): readonly RoomFile[] {
  const oldest = found.at(-1)?.seq ?? 0;
  const bySeq = new Map(found.map((message) => [message.seq, message]));
  for (const message of loaded) {
    const known = bySeq.get(message.seq);
    const isWanted = known === undefined ? isComplete || message.seq > oldest : message.rev > known.rev;
    if (isWanted) bySeq.set(message.seq, message);
  }
  const messages = [...bySeq.values()].sort((a, b) => b.seq - a.seq);
  return messages.flatMap((message) => {
    const attachments = message.deletedAt === undefined ? (message.attachments ?? []) : [];
    return attachments.filter((one) => isOf(tab, one)).map((attachment) => ({ attachment, message }));
  });
}

function isOf(tab: FilesTab, attachment: Attachment): boolean {
  return (kindOf(attachment) === 'image') === (tab === 'image');
}
