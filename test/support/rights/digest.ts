import { mongo } from 'mongoose';

const { ObjectId } = mongo;
/** What is written behind, or by reading alone. */
const VOLATILE = {
  lastSeq: 0,
  lastMessage: 0,
  indexedSeq: 0,
  unindexed: 0,
  lastSeenAt: 0,
  lastUsedAt: 0,
} as const;
const OF_ROOMS = ['members', 'log', 'invites', 'follows', 'threads', 'attachments'] as const;
const OF_USERS = ['sessions', 'blocks'] as const;
const OF_BOTH = ['drafts', 'threadDrafts', 'scheduled'] as const;

/** All that is stored of these rooms and users, as a text: the same as long as nothing of it changes. One query. */
export async function digestOf(
  db: mongo.Db,
  rooms: readonly string[],
  users: readonly string[],
): Promise<string> {
  const room = { $in: rooms.map((id) => new ObjectId(id)) };
  const user = { $in: users.map((id) => new ObjectId(id)) };
  const more = (coll: string, filter: object) => ({
    $unionWith: { coll, pipeline: [{ $match: filter }, { $project: VOLATILE }] },
  });
  const found = await db
    .collection('rooms')
    .aggregate([
      { $match: { _id: room } },
      { $project: VOLATILE },
      more('users', { _id: user }),
      ...OF_ROOMS.map((collection) => more(collection, { room })),
      ...OF_USERS.map((collection) => more(collection, { user })),
      ...OF_BOTH.map((collection) => more(collection, { $or: [{ room }, { user }] })),
    ])
    .toArray();
  return found
    .map((document) => JSON.stringify(document))
    .sort()
    .join('\n');
}
