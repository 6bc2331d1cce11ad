import type { Mongoose } from 'mongoose';
import { BlockStore } from '../store/blocks.ts';
import { DraftStore } from '../store/drafts.ts';
import { GridFsStore } from '../store/files-gridfs.ts';
import { InviteStore } from '../store/invites.ts';
import { MemberStore } from '../store/members.ts';
import { MongoAttachmentStore } from '../store/attachments-mongo.ts';
import { MongoCursorStore } from '../store/cursors.ts';
import { MongoLogStore } from '../store/log-mongo.ts';
import type { LogRow } from '../store/log-rows.ts';
import { MongoSearchMarks } from '../store/search-marks-mongo.ts';
import { MongoSearchStore } from '../store/search-mongo.ts';
import { RoomStore } from '../store/rooms.ts';
import { ScheduledStore } from '../store/scheduled.ts';
import { SessionStore } from '../store/sessions.ts';
import { ThreadDraftStore } from '../store/thread-drafts.ts';
import { ThreadStore } from '../store/threads.ts';
import { UserStore } from '../store/users.ts';

export type Stores = ReturnType<typeof createStores>;

/** Every collection behind its interface. Opens nothing. */
export function createStores(db: Mongoose) {
  const native = db.connection.getClient().db();
  const collection = (name: string) => native.collection(name);
  return {
    users: new UserStore(db),
    sessions: new SessionStore(db),
    rooms: new RoomStore(db),
    members: new MemberStore(db),
    drafts: new DraftStore(db),
    threadDrafts: new ThreadDraftStore(collection('threadDrafts')),
    scheduled: new ScheduledStore(db),
    invites: new InviteStore(collection('invites')),
    blocks: new BlockStore(collection('blocks')),
    cursors: new MongoCursorStore(collection('members')),
    threads: new ThreadStore({ follows: collection('follows'), threads: collection('threads') }),
    search: new MongoSearchStore(collection('search')),
    searchMarks: new MongoSearchMarks(collection('rooms')),
    attachments: new MongoAttachmentStore(collection('attachments')),
    files: new GridFsStore({
      files: collection('attachments.files'),
      chunks: collection('attachments.chunks'),
    }),
    log: new MongoLogStore({ log: native.collection<LogRow>('log'), rooms: collection('rooms') }),
  };
}
