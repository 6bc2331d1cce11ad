import { mongo } from 'mongoose';
import type { RoomAction } from '../../../api/rights/table.ts';
import type { ClientFrame, ServerFrame } from '../../../shared/wire/protocol.ts';
import type { Message } from '../../../shared/wire/rest.ts';
import { fine, hears, isAbout, type SocketScene } from './socket-scene.ts';
import { Scene, type Spot } from './scene.ts';
import { until, type Answer } from './world.ts';

/** What frames are answered with, or led to. */
export interface FrameBody {
  readonly seq: number;
  readonly heard: boolean;
}
/** One real frame by which a right is tried. */
export interface FrameAct {
  readonly as?: string;
  readonly run: (scene: SocketScene) => Promise<Answer>;
  readonly worked: (scene: SocketScene, body: FrameBody) => boolean | Promise<boolean>;
  /** Not in every scene. */
  readonly where?: (spot: Spot) => boolean;
  /** Always in a room of its own with more than a hundred people. */
  readonly crowd?: true;
}

const message = (s: SocketScene, { seq }: FrameBody): Promise<Message | undefined> => s.room.message(seq);
const stands = async (s: SocketScene, body: FrameBody): Promise<boolean> =>
  (await message(s, body)) !== undefined;
const namesAll = async (s: SocketScene, body: FrameBody): Promise<boolean> =>
  (await message(s, body))?.mentions?.includes('room') === true;
const hasFile = async (s: SocketScene, body: FrameBody): Promise<boolean> =>
  (await message(s, body))?.attachments?.length === 1;
const heard = (_: SocketScene, body: FrameBody): boolean => body.heard;

/** All that others do in a room, on the actor's socket; or nothing, where nothing of it may be there. */
async function live(s: SocketScene): Promise<Answer> {
  const { room: scene, mine, owners, others } = s;
  const since = mine.received.length;
  const { seq } = await scene.say(scene.other, 'hear this');
  await scene.by(scene.other, 'PATCH', `/messages/${seq}`, { text: 'hear that' });
  others.send({ type: 'typing', room: scene.room });
  others.send({ type: 'read', room: scene.room, seq });
  const told = () => mine.received.slice(since).filter((frame) => isAbout(frame, scene.room));
  const kinds = (frames: readonly ServerFrame[]): string => {
    const types = ['message', 'change', 'typing', 'read'];
    return types.filter((type) => frames.some((frame) => frame.type === type)).join(' ');
  };
  if (scene.isIn) {
    await until(() => Promise.resolve(kinds(told()) === 'message change typing read'));
    return fine({ heard: true });
  }
  // Somebody who may hear it has heard it: on the same gateway, what the actor was to hear is there as well.
  const all = () => owners.received.filter((frame) => isAbout(frame, scene.room));
  await until(() => Promise.resolve(kinds(all()) === 'message change typing read'));
  await s.settle();
  return fine({ heard: told().length > 0 });
}

/** A socket that is there while its user is removed. */
async function untilRemoved(s: SocketScene): Promise<Answer> {
  const scene = await new Scene(s.room.world, s.room.place, 'member').open();
  const { room, owner, other, actor } = scene;
  const [mine, theirs] = [await s.socketOf(actor), await s.socketOf(other)];
  await scene.by(owner, 'DELETE', `/members/${actor.id}`);
  const removed = await hears(mine, (frame) => frame.type === 'room.removed' && frame.room === room);
  const { seq } = await scene.say(other, 'among ourselves');
  theirs.send({ type: 'typing', room });
  await scene.by(other, 'PATCH', `/messages/${seq}`, { text: 'at last' });
  await hears(theirs, (frame) => frame.type === 'change' && frame.room === room);
  await s.settle(mine);
  const since = mine.received.slice(mine.received.indexOf(removed) + 1);
  return fine({ heard: since.some((frame) => isAbout(frame, room)) });
}

/** A new socket that says it has nothing of the room yet. */
async function missed(s: SocketScene): Promise<Answer> {
  const { room: scene } = s;
  const socket = await s.socketOf(scene.actor, { [scene.room]: 0, [scene.world.home]: 0 });
  const isReplay = (frame: ServerFrame, room: string): boolean =>
    (frame.type === 'message' || frame.type === 'gap') && frame.room === room;
  await hears(socket, (frame) => isReplay(frame, scene.isIn ? scene.room : scene.world.home));
  return fine({ heard: socket.received.some((frame) => isAbout(frame, scene.room)) });
}

async function listed(s: SocketScene): Promise<Answer> {
  const [ready] = (await s.socketOf(s.room.actor)).all('ready');
  return fine({ heard: ready?.rooms[s.room.room] !== undefined });
}

async function typing(s: SocketScene): Promise<Answer> {
  const { room: scene, mine, owners, others } = s;
  const since = owners.received.length;
  const by = (user: string) => (frame: ServerFrame) =>
    frame.type === 'typing' && frame.room === scene.room && frame.user === user;
  mine.send({ type: 'typing', room: scene.room });
  if (scene.isIn) {
    await hears(others, by(scene.actor.id));
    return fine({ heard: true });
  }
  mine.send({ type: 'ping' });
  await mine.next('pong');
  // Behind it, through the same gateway; by a socket that has not typed just now.
  (await s.socketOf(scene.other)).send({ type: 'typing', room: scene.room });
  await hears(owners, by(scene.other.id), since);
  return fine({ heard: owners.received.some(by(scene.actor.id)) });
}

/** `readSeq` and `gotSeq` as stored; nothing where there is no such member. */
async function cursors(s: SocketScene, user: string): Promise<Record<'readSeq' | 'gotSeq', number> | null> {
  const filter = { room: new mongo.ObjectId(s.room.room), user: new mongo.ObjectId(user) };
  return s.room.world.db.collection('members').findOne<Record<'readSeq' | 'gotSeq', number>>(filter);
}

async function mark(s: SocketScene, kind: 'read' | 'got'): Promise<Answer> {
  const { room: scene, mine, others } = s;
  const { room, other, actor } = scene;
  const seq = await scene.theirs();
  const field = kind === 'read' ? 'readSeq' : 'gotSeq';
  const has = async (user: string): Promise<boolean> => ((await cursors(s, user))?.[field] ?? 0) >= seq;
  const frame: ClientFrame =
    kind === 'read' ? { type: 'read', room, seq } : { type: 'got', rooms: { [room]: seq } };
  mine.send(frame);
  if (!scene.isIn) {
    mine.send({ type: 'ping' });
    await mine.next('pong');
    // Behind it, in the gateway's same or next call.
    others.send(frame);
  }
  await until(() => has(scene.isIn ? actor.id : other.id));
  return fine({ heard: await has(actor.id) });
}

const forward = (s: SocketScene, seq: number): Promise<Answer> =>
  s.send('', { forward: { room: s.room.room, seq } }, s.room.world.home);

async function forwarded(s: SocketScene, { seq }: FrameBody): Promise<boolean> {
  const { world, actor } = s.room;
  const path = `/rooms/${world.home}/messages?seqs=${seq}`;
  const { messages } = await world.by<{ messages: Message[] }>(actor, 'GET', path);
  return messages[0]?.forwardedFrom !== undefined;
}

/** How each right in a room is tried over the socket. */
export const FRAME_ACTS: Readonly<Partial<Record<RoomAction, readonly FrameAct[]>>> = {
  'room.list': [{ run: (s) => s.try('hello', () => listed(s)), worked: heard }],
  'messages.hear': [
    { as: 'live', run: (s) => s.try('hello', () => live(s)), worked: heard },
    { as: 'after an absence', run: (s) => s.try('hello', () => missed(s)), worked: heard },
    {
      as: 'once removed, on a socket that was there before',
      where: ({ standing }) => standing === 'removed',
      run: (s) => s.try('hello', () => untilRemoved(s)),
      worked: heard,
    },
  ],
  'room.readBySocket': [
    { as: 'read', run: (s) => s.try('read', () => mark(s, 'read')), worked: heard },
    { as: 'received', run: (s) => s.try('got', () => mark(s, 'got')), worked: heard },
  ],
  'message.send': [
    { as: 'a message', run: (s) => s.send('hello'), worked: stands },
    { as: 'a reply', run: (s) => s.send('hello', { replyTo: s.room.made.first }), worked: stands },
    { as: 'in a thread', run: (s) => s.send('hello', { thread: s.room.made.first }), worked: stands },
  ],
  'message.forward': [
    { as: 'its words', run: (s) => forward(s, s.room.made.first), worked: forwarded },
    { as: 'its files', run: (s) => forward(s, s.room.made.fileSeq), worked: forwarded },
  ],
  'mention.room': [{ run: (s) => s.send('hear me, @room'), worked: namesAll }],
  'mention.largeRoom': [{ run: (s) => s.send('hear me, @room'), worked: namesAll, crowd: true }],
  'file.upload': [
    {
      as: 'send',
      run: (s) => s.send('', { attachments: [s.room.made.ownUnsent ?? s.room.made.unsent] }),
      worked: hasFile,
    },
  ],
  'file.sendOther': [{ run: (s) => s.send('mine?', { attachments: [s.room.made.unsent] }), worked: hasFile }],
  'room.type': [{ run: (s) => s.try('typing', () => typing(s)), worked: heard }],
};
