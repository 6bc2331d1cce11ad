import type { Redis } from 'ioredis';
import type { Mongoose } from 'mongoose';
import type { Bus } from '../../shared/node/bus.ts';
import type { ApiConfig } from '../../shared/node/config.ts';
import type { Logger } from '../../shared/node/logger.ts';
import { tokenKey } from '../../shared/node/token.ts';
import { Account } from './account.ts';
import { Arrivals } from './arrivals.ts';
import { Attachments } from './attachments/index.ts';
import { Auth } from './auth.ts';
import { Blocks, MAX_BLOCKED } from './blocks.ts';
import { Breaker } from './breaker.ts';
import { CreateRoom } from './create-room.ts';
import { Cursors } from './cursors.ts';
import { DeleteRoom } from './delete-room.ts';
import { Directory } from './directory.ts';
import { Drafts } from './drafts.ts';
import { History } from './history.ts';
import { Invalidations } from './invalidations.ts';
import { Invites } from './invites.ts';
import { GuardedCounter } from './log/counter-guarded.ts';
import { RedisCounter } from './log/counter-redis.ts';
import { Limits } from './limits/limits.ts';
import { Log } from './log/index.ts';
import { MarkUnread } from './mark-unread.ts';
import { Members } from './members.ts';
import { MembershipCache } from './membership.ts';
import { Mentions } from './mentions.ts';
import { MessageChanges } from './message-changes.ts';
import { Notices } from './notices.ts';
import { UNOBSERVED, type Observer } from './observer.ts';
import type { Passwords } from './passwords.ts';
import { CardCache } from './previews/cache.ts';
import { Gate } from './previews/gate.ts';
import { fetchCard } from './previews/page.ts';
import { Previews } from './previews/previews.ts';
import { createPatience } from './create-patience.ts';
import { PresenceReader } from './presence.ts';
import { RefreshTokens } from './refresh-tokens.ts';
import { ResetTokens } from './reset-tokens.ts';
import { RoomChanges } from './room-changes.ts';
import { RoomLists } from './room-lists.ts';
import { RoomNewsReader } from './room-news.ts';
import { RoomViews } from './room-views.ts';
import { Rooms } from './rooms.ts';
import { Indexer } from './search/indexer.ts';
import { RedisLease } from './search/lease.ts';
import { ScheduledMessages } from './scheduled.ts';
import { ScheduledSender } from './scheduled-sender.ts';
import { Search } from './search/search.ts';
import { Sends } from './sends.ts';
import { SelfNews } from './self-news.ts';
import { SessionGuard } from './session-guard.ts';
import { Sessions } from './sessions.ts';
import { Signals } from './signals.ts';
import { FollowWriter } from './threads/behind.ts';
import { Threads } from './threads/threads.ts';
import { Users } from './users.ts';
import { createStores, type Stores } from './stores.ts';

/** What a node is given: its connections, opened and closed by whoever made them. */
export interface Deps {
  readonly config: ApiConfig;
  readonly logger: Logger;
  readonly db: Mongoose;
  readonly redis: Redis;
  readonly bus: Bus;
  readonly passwords: Passwords;
  readonly observer?: Observer;
}
export type Services = ReturnType<typeof createServices>;

/** Every service of an API node, built in the order of what needs what. Opens nothing. */
export function createServices(deps: Deps) {
  const { config, logger, db, bus, observer = UNOBSERVED } = deps;
  const breaker = new Breaker({ probe: () => deps.redis.ping(), logger });
  const patience = createPatience(observer);
  const stores = createStores(db);
  const invalidations = new Invalidations({ bus, logger });
  const directory = new Directory({ users: stores.users, invalidations });
  const membership = new MembershipCache({ ...stores, invalidations });
  const attachments = new Attachments({
    stores,
    membership,
    redis: deps.redis,
    logger,
    observer,
    limits: { file: config.ATTACHMENT_MAX_BYTES, quota: config.ATTACHMENT_USER_BYTES },
  });
  const blockedBy = (user: string): Promise<string[]> => stores.blocks.by(user, MAX_BLOCKED);
  const log = new Log({
    store: stores.log,
    counter: new GuardedCounter(new RedisCounter(deps.redis), breaker),
    bus,
    names: directory,
    logger,
    observer,
    breaker,
    files: attachments,
    blockedBy,
  });
  const views = new RoomViews({ log, directory, blockedBy });
  const roomLists = new RoomLists({ ...stores, redis: deps.redis, logger });
  const signals = new Signals({ bus, views, lists: roomLists, logger });
  const guard = new SessionGuard({
    store: stores.sessions,
    redis: deps.redis,
    invalidations,
    logger,
    patience: patience.session,
    breaker,
  });
  const tokens = new RefreshTokens(config.REFRESH_SECRET);
  const sessions = new Sessions({ store: stores.sessions, tokens, guard, signals });
  const auth = new Auth({
    users: stores.users,
    sessions,
    guard,
    passwords: deps.passwords,
    resets: new ResetTokens(config.REFRESH_SECRET),
    key: tokenKey(config.JWT_SECRET),
  });
  const news = new SelfNews({ userStore: stores.users, lists: roomLists, signals });
  const users = new Users({ users: stores.users, members: stores.members, directory, signals, news });
  const base = {
    stores,
    directory,
    membership,
    log,
    views,
    signals,
    news,
    roomLists,
    sessions,
    auth,
    users,
    attachments,
    logger,
  };
  const mentions = new Mentions({ directory, membership });
  const followWriter = new FollowWriter({ store: stores.threads, signals, logger });
  const threads = new Threads({
    store: stores.threads,
    members: stores.members,
    membership,
    log,
    signals,
    patience: patience.read,
    blockedBy,
  });
  const sends = new Sends({
    appender: log.appender,
    journal: log.journal,
    claims: attachments.claims,
    shares: attachments.shares,
    senders: membership,
    mentions,
    store: stores.log,
    patience: patience.send,
    observer,
    onReply: (reply, root) => followWriter.note(reply, root),
  });
  const messageChanges = new MessageChanges({
    membership,
    changes: log.changes,
    patience: patience.change,
    store: stores.log,
    mentions,
    notices: new Notices({ log, directory, logger }),
  });
  const history = new History({
    membership,
    reader: log.reader,
    pages: patience.read,
    log: patience.log,
  });
  const gate = new Gate({ allowed: config.previewHosts });
  const previews = new Previews({
    enabled: config.LINK_PREVIEWS === 'on',
    cache: new CardCache(deps.redis),
    fetch: (url) => fetchCard(url, gate),
    messages: (user, room, seqs) => history.some(user, room, seqs),
  });
  const cursors = new Cursors({
    store: stores.cursors,
    log,
    bus,
    memberCount: async (user, room) => (await membership.get(user, room))?.room.members,
    cacheReads: (reads) => roomLists.raiseReads(reads),
    logger,
  });
  const indexer = new Indexer({
    reader: log.reader,
    store: stores.search,
    marks: stores.searchMarks,
    lease: new RedisLease(deps.redis, logger),
    logger,
    stored: () => log.stored,
  });
  const search = new Search({
    store: stores.search,
    members: stores.members,
    membership,
    users,
    reader: log.reader,
    patience: patience.read,
    present: (entries) => log.presentAll(entries),
  });
  const drafts = new Drafts({
    store: stores.drafts,
    threadStore: stores.threadDrafts,
    threads,
    members: {
      require: (user, room) => membership.require(user, room),
      joined: (user, rooms) => stores.members.joined(user, rooms),
    },
    signals,
  });
  const later = { store: stores.scheduled, signals };
  const scheduled = new ScheduledMessages({ ...later, log: stores.log, members: membership });
  const scheduledSender = new ScheduledSender({ ...later, sends, logger });
  const presence = new PresenceReader({ redis: deps.redis, users, blocks: stores.blocks });
  const roomNews = new RoomNewsReader({ rooms: stores.rooms, views });
  const inRooms = createRoomServices({ ...base, origin: config.PUBLIC_ORIGIN });
  return {
    ...base,
    invalidations,
    limits: new Limits(deps.redis, config),
    presence,
    roomNews,
    sends,
    threads,
    followWriter,
    messageChanges,
    history,
    previews,
    indexer,
    search,
    drafts,
    scheduled,
    scheduledSender,
    cursors,
    breaker,
    silence: patience.silence,
    /** For what is read at a request's wish: how long it may take. */
    reads: patience.read,
    markUnread: new MarkUnread({ ...inRooms, members: stores.members, history, news, blockedBy }),
    ...inRooms,
  };
}

/** The rules about rooms and who is in them. */
function createRoomServices(base: {
  readonly stores: Stores;
  readonly directory: Directory;
  readonly membership: MembershipCache;
  readonly log: Log;
  readonly views: RoomViews;
  readonly signals: Signals;
  readonly news: SelfNews;
  readonly roomLists: RoomLists;
  readonly sessions: Sessions;
  readonly auth: Auth;
  readonly users: Users;
  readonly attachments: Attachments;
  readonly logger: Logger;
  readonly origin: string;
}) {
  const { stores, membership, signals } = base;
  const blocks = new Blocks({ ...base, blocks: stores.blocks, roomStore: stores.rooms });
  const shared = {
    ...base,
    members: stores.members,
    roomStore: stores.rooms,
    userStore: stores.users,
    searchStore: stores.search,
    written: [
      ...[stores.drafts, stores.threadDrafts, stores.scheduled],
      ...[stores.threads, stores.invites, base.attachments],
    ],
    blockStore: stores.blocks,
    blocks,
    changes: new RoomChanges(stores),
    arrivals: new Arrivals({ threads: stores.threads, membership, lists: base.roomLists, signals }),
    notices: new Notices(base),
  };
  const rooms = new Rooms({ ...shared, rooms: stores.rooms });
  const deleteRoom = new DeleteRoom({ ...shared, rooms });
  const members = new Members({ ...shared, rooms });
  return {
    blocks,
    rooms,
    deleteRoom,
    createRoom: new CreateRoom({ ...shared, rooms: stores.rooms }),
    members,
    invites: new Invites({ ...shared, invites: stores.invites, rooms, members }),
    account: new Account({ ...shared, deleteRoom }),
  };
}
