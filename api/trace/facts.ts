/** What the store knows of a log entry, and who has it. */
import { isMessage, type LogEntry } from '../store/log.ts';
import type { MemberStore, StoredMember } from '../store/members.ts';
import type { RoomStore } from '../store/rooms.ts';
import type { TraceStore } from '../store/traces.ts';
import type { UserStore } from '../store/users.ts';

/** Changes of one message that are told. */
const MAX_CHANGES = 50;
/** Members read at once, and named at the most in each group. */
const CHUNK = 500;
const MAX_NAMED = 1_000;

export interface Stores {
  readonly traces: Pick<TraceStore, 'byId' | 'at' | 'changesOf'>;
  readonly rooms: Pick<RoomStore, 'byId'>;
  readonly members: Pick<MemberStore, 'ofRoom'>;
  readonly users: Pick<UserStore, 'byIds'>;
}

export interface Who {
  readonly id: string;
  readonly username: string;
}
export interface Holder extends Who {
  readonly gotSeq: number;
  readonly readSeq: number;
}
export interface Group {
  readonly count: number;
  /** The first of them, in order of joining. */
  readonly users: readonly Holder[];
}
/** The room's members, by how far they are. */
export type Holders = Readonly<Record<'read' | 'have' | 'lack' | 'joinedLater', Group>>;

export interface Facts {
  /** What the id names. */
  readonly entry: LogEntry;
  /** The message it is, or is a change of. */
  readonly message?: LogEntry;
  /** What was done to that message since, the first of it. */
  readonly changes: readonly LogEntry[];
  /** Absent where the room is being deleted. */
  readonly room?: { readonly id: string; readonly type: string; readonly name?: string | undefined };
  /** Who wrote, changed or reacted, by id. */
  readonly people: ReadonlyMap<string, string>;
  readonly holders: Holders;
}

/** Everything stored about the entry `id`; undefined where there is none. */
export async function readFacts(stores: Stores, id: string): Promise<Facts | undefined> {
  const entry = await stores.traces.byId(id);
  if (entry === undefined) return undefined;
  const message = await messageOf(stores, entry);
  const changes =
    message === undefined ? [] : await stores.traces.changesOf(entry.room, message.seq, MAX_CHANGES);
  const room = await stores.rooms.byId(entry.room);
  const authors = [entry, ...(message === undefined ? [] : [message]), ...changes].flatMap(
    ({ sender, by }) => sender ?? by ?? [],
  );
  return {
    entry,
    ...(message === undefined ? {} : { message }),
    changes,
    ...(room === undefined ? {} : { room: { id: room.id, type: room.type, name: room.name } }),
    people: await namesOf(stores, authors),
    holders: await readHolders(stores, entry.room, entry.seq),
  };
}

async function messageOf({ traces }: Stores, entry: LogEntry): Promise<LogEntry | undefined> {
  if (isMessage(entry)) return entry;
  return entry.of === undefined ? undefined : traces.at(entry.room, entry.of);
}

async function namesOf({ users }: Stores, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = await users.byIds([...new Set(ids)]);
  return new Map(found.map(({ id, username }) => [id, username]));
}

async function readHolders(stores: Stores, room: string, seq: number): Promise<Holders> {
  const groups = { read: newGroup(), have: newGroup(), lack: newGroup(), joinedLater: newGroup() };
  for (let after = ''; ;) {
    const members = await stores.members.ofRoom(room, after, CHUNK);
    const last = members.at(-1);
    if (last === undefined) return groups;
    after = last.id;
    const names = await namesOf(
      stores,
      members.map(({ user }) => user),
    );
    for (const member of members) {
      const group = groups[groupOf(member, seq)];
      group.count++;
      if (group.users.length >= MAX_NAMED) continue;
      const { user, gotSeq, readSeq } = member;
      group.users.push({ id: user, username: names.get(user) ?? user, gotSeq, readSeq });
    }
  }
}

const newGroup = (): { count: number; users: Holder[] } => ({ count: 0, users: [] });

/** Cursors of those who came later start at the head they found: they say nothing about what is below it. */
function groupOf({ joinedSeq, gotSeq, readSeq }: StoredMember, seq: number): keyof Holders {
  if (joinedSeq >= seq) return 'joinedLater';
  if (readSeq >= seq) return 'read';
  return gotSeq >= seq ? 'have' : 'lack';
}
