import { notFound, ParleyError } from '../../shared/node/errors.ts';
import type { MessageDraft } from '../../shared/wire/protocol.ts';
import { isMessage, type LogEntry, type LogStore } from '../store/log.ts';

/** What a message refers to in its room. */
export type References = Pick<MessageDraft, 'replyTo' | 'thread'>;

/** Gives the thread's root, if it is a reply in one. Rejects `not_found` (either), `invalid` where the root stands in a thread. */
export async function checkReferences(
  store: Pick<LogStore, 'at'>,
  room: string,
  { replyTo, thread }: References,
): Promise<LogEntry | undefined> {
  const seqs = [replyTo, thread].filter((seq) => seq !== undefined);
  const found = new Map((await store.at(room, seqs)).filter(isMessage).map((entry) => [entry.seq, entry]));
  if (seqs.some((seq) => !found.has(seq))) throw notFound('message to reply to');
  if (thread === undefined) return undefined;
  const root = found.get(thread);
  if (root?.thread !== undefined)
    throw new ParleyError('invalid', 'A thread starts at a message outside threads.');
  return root;
}
