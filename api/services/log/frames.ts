import { encodeFrame, encodeMessageFrame } from '../../../shared/wire/protocol.ts';
import { isMessage, type LogEntry, type LogStore } from '../../store/log.ts';
import { keyOf, readMessages, type Follower } from './follower.ts';
import { present, type Names } from './present.ts';
import { presentRoots } from './threads.ts';

export interface FrameDeps {
  readonly names: Names;
  readonly store: LogStore;
  readonly follower: Follower;
}

export interface NumberedFrame {
  readonly room: string;
  readonly seq: number;
  /** The final text of the client's frame. */
  readonly frame: string;
}

/** One frame per entry, in order: `message`, `change` with the message as it now stands, or `void`. */
export function buildFrames(entries: readonly LogEntry[], deps: FrameDeps): Promise<NumberedFrame[]> {
  const hasChanges = entries.some(({ kind }) => kind === 'change');
  return hasChanges ? framesWithChanges(entries, deps) : framesOfMessages(entries, deps);
}

/** Almost every batch: each entry is shown by itself. */
async function framesOfMessages(
  entries: readonly LogEntry[],
  { names }: FrameDeps,
): Promise<NumberedFrame[]> {
  const messages = (await present(entries.filter(isMessage), names)).values();
  return entries.map((entry) => {
    const message = isMessage(entry) ? messages.next().value : undefined;
    return message === undefined ? numbered(entry) : numbered(entry, encodeMessageFrame(message));
  });
}

function numbered({ room, seq }: LogEntry, frame = encodeFrame({ type: 'void', room, seq })): NumberedFrame {
  return { room, seq, frame };
}

async function framesWithChanges(entries: readonly LogEntry[], deps: FrameDeps): Promise<NumberedFrame[]> {
  const changed = await changedMessages(entries, deps);
  const shown = entries.map((entry) => (isMessage(entry) ? entry : changed.get(keyOf(entry.room, entry.of))));
  const messages = new Map(
    [
      await present(entries.filter(isMessage), deps.names),
      // Last: a message may be in here twice, and its frame must not be older than its change.
      ...(await Promise.all(byRoom([...changed.values()]).map((some) => presentRoots(some, deps)))),
    ]
      .flat()
      .map((message) => [keyOf(message.room, message.seq), message]),
  );
  return entries.map((entry, i) => {
    const { room, seq } = entry;
    const message = messages.get(keyOf(room, shown[i]?.seq));
    if (message === undefined) return numbered(entry);
    const isChange = entry.kind === 'change';
    return numbered(
      entry,
      isChange ? encodeFrame({ type: 'change', seq, room, message }) : encodeMessageFrame(message),
    );
  });
}

function byRoom(entries: readonly LogEntry[]): (readonly LogEntry[])[] {
  const rooms = new Map<string, LogEntry[]>();
  for (const entry of entries) rooms.set(entry.room, [...(rooms.get(entry.room) ?? []), entry]);
  return [...rooms.values()];
}

/** The messages that the changes among `entries` are about, at or past those changes. */
async function changedMessages(
  entries: readonly LogEntry[],
  { store, follower }: FrameDeps,
): Promise<ReadonlyMap<string, LogEntry>> {
  const changes = entries.filter(({ kind }) => kind === 'change');
  const messages = await readMessages(store, changes);
  const behind = changes.filter(
    (change) => (messages.get(keyOf(change.room, change.of))?.rev ?? 0) < change.seq,
  );
  if (behind.length === 0) return messages;
  // A frame with the old state under the new number would hide the change from everyone who heard it.
  await follower.follow(behind);
  return readMessages(store, changes);
}
