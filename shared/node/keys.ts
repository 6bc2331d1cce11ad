/**
 * Every Redis key and channel, spelled once. All that belongs to one room shares a hash tag `{p0}` to `{p127}`, so
 * that a Redis Cluster can carry them later; no script spans two tags. Nothing here cannot be rebuilt from MongoDB.
 */
const PARTITIONS = 128;

/** FNV-1a over the id: ids are hex strings whose ends differ, so any spread will do. */
function tag(id: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return `{p${(hash >>> 0) % PARTITIONS}}`;
}

/** The room's number counter: the highest seq handed out. May run ahead of what is stored. */
export const counterKey = (room: string): string => `${tag(room)}seq:${room}`;
/** The room's frames, for the gateways with members in it. */
export const roomChannel = (room: string): string => `${tag(room)}room:${room}`;
/** One user's own frames and signals, for the gateways with a socket of theirs. */
export const userChannel = (user: string): string => `${tag(user)}user:${user}`;
/** Cache of a user's room list, kept for ROOM_LIST_SECONDS. */
export const roomListKey = (user: string): string => `${tag(user)}rooms:${user}`;
/** Counts invalidations of a user's room list, so that no read that began before one fills the cache. */
export const roomListEpochKey = (user: string): string => `${tag(user)}rooms-epoch:${user}`;
/** The room's `v`, raised with each change and kept as long as a cached list may tell an older one. */
export const roomVersionKey = (room: string): string => `${tag(room)}v:${room}`;
/** Marks an ended session until its last access token has expired. */
export const endedSessionKey = (session: string): string => `${tag(session)}ended:${session}`;
/** API nodes tell each other here which cache entries are stale. */
export const INVALIDATION_CHANNEL = 'invalidate';
/**
 * A gateway's presence lease, the set of users it lists, and those of them who are at no device of theirs there; in the last
 * one alone are those who hide.
 */
export const gatewayLeaseKey = (gateway: string): string => `{presence}lease:${gateway}`;
export const gatewayUsersKey = (gateway: string): string => `{presence}users:${gateway}`;
export const gatewayAwayKey = (gateway: string): string => `{presence}away:${gateway}`;
/** When users whose last socket at a gateway closed were there: a sorted set of ms since the epoch, the latest SEEN_USERS. */
export const SEEN_KEY = '{presence}seen';
export const GATEWAYS_KEY = '{presence}gateways';
/** The card of a page that a link leads to; the address is hashed. */
export const previewKey = (hash: string): string => `preview:${hash}`;
/** Counts of one rate limit, one key for each user, address or name; each ends with its time. */
export const rateLimitPrefix = (group: string): string => `limit:${group}`;
/** Held by the API node that fills the search index. */
export const INDEXER_LEASE_KEY = '{search}indexer';
/** Held by the API node that removes files nobody can reach. */
export const SWEEPER_LEASE_KEY = '{files}sweeper';

export const ROOM_LIST_SECONDS = 600;
export const SEEN_USERS = 100_000;
