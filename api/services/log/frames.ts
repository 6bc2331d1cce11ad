import { encodeFrame } from '../../../shared/wire/protocol.ts';
import { isMessage, type LogEntry, type LogStore } from '../../store/log.ts';
import { present, type Names } from './present.ts';

export interface NumberedFrame {
  readonly room: string;
  readonly seq: number;
  /** The final text of the client's frame. */
  readonly frame: string;
}

/** One frame per entry, in order: `message`, `change` with the message as it now stands, or `void`. */
export async function buildFrames(
  entries: readonly LogEntry[],
  names: Names,
  store: LogStore,
): Promise<NumberedFrame[]> {
  const shown = await Promise.all(entries.map((entry) => messageOf(entry, store)));
  const messages = new Map(
    (
      await present(
        shown.flatMap((entry) => entry ?? []),
        names,
      )
    ).map((m) => [`${m.room}:${m.seq}`, m]),
  );
  return entries.map((entry, i) => {
    const { room, seq } = entry;
    const message = messages.get(`${room}:${shown[i]?.seq ?? -1}`);
    if (message === undefined) return { room, seq, frame: encodeFrame({ type: 'void', room, seq }) };
    if (entry.kind === 'change')
      return { room, seq, frame: encodeFrame({ type: 'change', seq, room, message }) };
    return { room, seq, frame: encodeFrame({ type: 'message', ...message }) };
  });
}

async function messageOf(entry: LogEntry, store: LogStore): Promise<LogEntry | undefined> {
  if (isMessage(entry)) return entry;
  if (entry.kind !== 'change' || entry.of === undefined) return undefined;
  return (await store.at(entry.room, [entry.of]))[0];
}
