/** What a person sees on a device, as plain data that can be compared. */
import { isDeepStrictEqual } from 'node:util';
import type { RoomHandle, Timeline } from '../../shared/sdk/index.ts';
import type { Member, Room } from '../../shared/wire/rest.ts';
import type { SdkDevice } from './sdk-device.ts';

export interface Visible {
  readonly order: readonly string[];
  readonly rooms: Readonly<Record<string, unknown>>;
  readonly threads: readonly unknown[];
  readonly drafts: readonly unknown[];
  readonly scheduled: readonly unknown[];
  readonly blocked: readonly string[];
}
/** Threads that are open, by room. */
export type OpenThreads = Readonly<Record<string, readonly number[]>>;

/** Opens what was not `looked` at, as somebody who looks at one conversation after the other. */
export async function lookAtAll(
  { client }: SdkDevice,
  threads: OpenThreads,
  looked: Set<string>,
): Promise<void> {
  for (const { id } of client.rooms.get().filter((room) => !looked.has(room.id))) {
    looked.add(id);
    await lookAt(client.room(id), threads[id] ?? []);
  }
}

/** Opens a conversation from its start, with its details and threads; gives what ends that. */
export async function lookAt(room: RoomHandle, threads: readonly number[]): Promise<() => void> {
  const seen = [room, ...threads.map((root) => room.thread(root))];
  const stops = seen.map(({ timeline }) => timeline.subscribe(() => undefined));
  for (const one of seen) {
    await one.open();
    while (!one.timeline.get().atStart) await one.loadOlder();
  }
  await room.loadMembers();
  return () => {
    for (const stop of stops) stop();
  };
}

/** All that stands in lists, conversations and open threads. */
export function visibleOn({ client }: SdkDevice, threads: OpenThreads): Visible {
  const rooms = client.rooms.get();
  const auth = client.auth.get();
  const me = auth.name === 'signed-in' ? auth.me.id : '';
  return {
    order: rooms.map(nameOf),
    rooms: Object.fromEntries(
      rooms.map((room) => [
        nameOf(room),
        { info: room, ...conversation(client.room(room.id), threads[room.id] ?? [], me) },
      ]),
    ),
    threads: client.threads.get(),
    drafts: [...client.drafts.get()].filter(([, { text }]) => text !== '').sort(byKey),
    scheduled: client.scheduled.get(),
    blocked: [...client.own.blocked.get()].sort(),
  };
}

function conversation(room: RoomHandle, threads: readonly number[], me: string): object {
  return {
    ...shown(room.timeline.get()),
    members: room.members
      .get()
      .map((member) => [member.user.username, ownless(member, me)])
      .sort(byKey),
    threads: threads.map((root) => {
      const thread = room.thread(root);
      return { root: withoutHints(thread.message.get()), ...shown(thread.timeline.get()) };
    }),
  };
}

/** Without where the reader stood when they came. */
const shown = ({ readSeqAtOpen: _, items, ...rest }: Timeline): object => ({
  ...rest,
  items: items.map(({ message, ...item }) => ({ ...item, message: withoutHints(message) })),
});
/** What is counted below a root is shown by its line. */
function withoutHints<T extends object>(message: T | undefined): object {
  const { replies: _, lastReply: __, ...rest } = { replies: 0, lastReply: 0, ...message };
  return rest;
}
/** How far one's own devices have got is shown to others. */
const ownless = ({ gotSeq, ...member }: Member, me: string): object =>
  member.user.id === me ? member : { ...member, gotSeq };

/** In words, what one shows and the other does not. */
export function differences(one: unknown, other: unknown, path = ''): string[] {
  if (isDeepStrictEqual(one, other)) return [];
  if (!isObject(one) || !isObject(other))
    return [`${path}: ${JSON.stringify(one)}, not ${JSON.stringify(other)}`];
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return keys.flatMap((key) => differences(one[key], other[key], `${path}/${key}`));
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
const nameOf = ({ name, peer }: Room): string => `${name ?? peer?.username}`;
const byKey = ([a]: readonly unknown[], [b]: readonly unknown[]): number => (String(a) < String(b) ? -1 : 1);
