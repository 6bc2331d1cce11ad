import { createHash } from 'node:crypto';
import mongoose from 'mongoose';
import { signAccessToken, tokenKey } from '../../shared/node/token.ts';
import type { Stage } from '../stage/stage.ts';

const { ObjectId } = mongoose.mongo;
type Id = mongoose.mongo.ObjectId;

export interface Inhabitant {
  readonly user: string;
  readonly session: string;
  /** Ids of the rooms they are in. */
  readonly rooms: readonly string[];
}
/** Users, their sessions, and the rooms they share. */
export interface World {
  readonly people: readonly Inhabitant[];
  readonly rooms: readonly string[];
}
export interface WorldPlan {
  /** Distinguishes its users' names. */
  readonly name: string;
  readonly people: number;
  readonly rooms: number;
  /** Numbers of the rooms that the nth person is in. */
  readonly roomsOf: (person: number) => readonly number[];
}

const BATCH = 2_000;
const SESSION_TIME = 24 * 3_600_000;

/** Writes a world straight into Parley's collections of `db`: registering thousands of users would take minutes of bcrypt. */
export async function seedWorld(db: mongoose.mongo.Db, plan: WorldPlan): Promise<World> {
  const rooms = Array.from({ length: plan.rooms }, () => new ObjectId());
  const people = Array.from({ length: plan.people }, (_, i) => ({
    user: new ObjectId(),
    session: new ObjectId(),
    rooms: plan.roomsOf(i).flatMap((number) => rooms[number] ?? []),
  }));
  const sizes = new Map<Id, number>();
  for (const person of people) for (const room of person.rooms) sizes.set(room, (sizes.get(room) ?? 0) + 1);
  const members = people.flatMap(({ user, rooms: theirs }) => theirs.map((room) => memberRow(room, user)));
  await insert(
    db,
    'users',
    people.map(({ user }, i) => userRow(user, `${plan.name}-${i}`)),
  );
  await insert(
    db,
    'sessions',
    people.map(({ user, session }) => sessionRow(user, session)),
  );
  await insert(db, 'members', members);
  await insert(
    db,
    'rooms',
    rooms.map((room, i) => roomRow(room, `${plan.name} ${i}`, sizes.get(room) ?? 0, people[0]?.user ?? room)),
  );
  const hex = (id: Id): string => id.toHexString();
  return {
    people: people.map(({ user, session, rooms: theirs }) => ({
      user: hex(user),
      session: hex(session),
      rooms: theirs.map(hex),
    })),
    rooms: rooms.map(hex),
  };
}

/** Writes the same rooms as the naive baseline keeps them: members inside the room's document. */
export async function seedNaiveRooms(db: mongoose.mongo.Db, { people, rooms }: World): Promise<void> {
  const members = new Map<string, Id[]>(rooms.map((room) => [room, []]));
  for (const person of people)
    for (const room of person.rooms) members.get(room)?.push(new ObjectId(person.user));
  const rows = rooms.map((room, i) => ({
    _id: new ObjectId(room),
    name: `room ${i}`,
    members: members.get(room) ?? [],
    lastActivity: new Date(),
  }));
  await insert(db, 'rooms', rows);
}

/** An access token for each person, good for a quarter of an hour. */
export function tokensOf(stage: Stage, world: World): string[] {
  const key = tokenKey(stage.secrets.JWT_SECRET);
  return world.people.map(({ user, session }) => signAccessToken(key, user, session));
}

async function insert(
  db: mongoose.mongo.Db,
  collection: string,
  rows: readonly mongoose.mongo.Document[],
): Promise<void> {
  for (let i = 0; i < rows.length; i += BATCH)
    await db.collection(collection).insertMany(rows.slice(i, i + BATCH), { ordered: false });
}

const userRow = (id: Id, username: string): mongoose.mongo.Document => ({
  _id: id,
  username,
  displayName: username,
  nameKey: username,
  passwordHash: '',
  role: 'user',
  createdAt: new Date(),
});

function sessionRow(user: Id, session: Id): mongoose.mongo.Document {
  const now = new Date();
  return {
    ...{ _id: session, user, userAgent: 'bench', ip: '127.0.0.1' },
    tokenHash: createHash('sha256').update(session.toHexString()).digest('hex'),
    ...{ rotatedAt: now, createdAt: now, lastUsedAt: now },
    expiresAt: new Date(now.getTime() + SESSION_TIME),
  };
}

const memberRow = (room: Id, user: Id): mongoose.mongo.Document => ({
  ...{ _id: new ObjectId(), room, user, role: 'member' },
  ...{ readSeq: 0, gotSeq: 0, joinedSeq: 0, notify: 'all', favourite: false },
});

const roomRow = (id: Id, name: string, memberCount: number, createdBy: Id): mongoose.mongo.Document => ({
  ...{ _id: id, type: 'group', name, public: false, createdBy, createdAt: new Date() },
  ...{ v: 1, firstSeq: 0, lastSeq: 0, memberCount },
});
