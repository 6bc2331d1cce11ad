/** A whole Parley in one process, for the engine's tests: REST and socket over real ports, faults on demand. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import type {
  ClientFrame,
  HelloFrame,
  SendFrame,
  SeqByRoom,
  ServerFrame,
  TypingFrame,
} from '../../shared/wire/protocol.ts';
import type { ErrorCode, Message, ThreadInfo, UserSummary } from '../../shared/wire/rest.ts';
import { FakeCalls, type Problem } from './fake-calls.ts';
import { FakeRoom, newId, type FakeEntry, type FakeMember } from './fake-rooms.ts';
import { FakeSessions } from './fake-sessions.ts';

interface Link {
  readonly socket: WebSocket;
  user: string;
}
interface Place {
  readonly room: FakeRoom;
  readonly member: FakeMember;
}

export class FakeServer {
  readonly users = new Map<string, UserSummary>();
  readonly rooms = new Map<string, FakeRoom>();
  /** What everybody follows, and whom they blocked. */
  followed: readonly ThreadInfo[] = [];
  blocked: readonly UserSummary[] = [];
  /** The version of what everybody set for themselves. */
  self = 0;
  /** Every call and frame that came in. */
  readonly calls: string[] = [];
  readonly frames: ClientFrame[] = [];
  heartbeat = 25;
  /** Numbers beyond which a `ready` answers with a gap instead of a replay. */
  replayLimit = 100;
  /** What happens to each frame on its way out: how often it is sent; 0 loses it. */
  onFrame: (frame: ServerFrame, user: string) => number = () => 1;
  /** Gives a problem to refuse a call with. */
  onCall: (call: string) => Problem | undefined = () => undefined;
  /** Gives an error to answer a send with, or `lost` to say nothing after storing. */
  onSend: (frame: SendFrame) => { code: ErrorCode; retry: boolean } | 'lost' | undefined = () => undefined;
  refuseSockets = false;
  readonly sessions = new FakeSessions();
  readonly #links = new Set<Link>();
  readonly #http: Server;
  readonly #sockets = new WebSocketServer({ noServer: true });

  constructor() {
    const calls = new FakeCalls(this);
    this.#http = createServer((request, response) => {
      calls.answer(request, response).catch((error: unknown) => {
        response.writeHead(500).end(String(error));
      });
    });
    this.#http.on('upgrade', (request, socket, head) => {
      if (this.refuseSockets) {
        socket.on('error', () => undefined); // a client may be gone before it is refused
        socket.end('HTTP/1.1 503 Service Unavailable\r\n\r\n');
        return;
      }
      this.#sockets.handleUpgrade(request, socket, head, (ws) => {
        this.#onSocket(ws);
      });
    });
  }

  async listen(): Promise<string> {
    this.#http.listen(0, '127.0.0.1');
    await once(this.#http, 'listening');
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const { socket } of this.#links) socket.terminate();
    this.#http.closeAllConnections();
    this.#http.close();
    await once(this.#http, 'close');
  }

  addUser(username: string): UserSummary {
    const user = { id: newId(), username, displayName: username };
    this.users.set(user.id, user);
    return user;
  }

  addRoom(name: string, members: readonly UserSummary[], type: 'dm' | 'group' = 'group'): FakeRoom {
    const room = new FakeRoom(type, name, members);
    this.rooms.set(room.id, room);
    return room;
  }

  /** A stored message, sent to all members' sockets. */
  post(room: FakeRoom, sender: UserSummary, text: string, clientId = newId()): Message {
    const { message } = room.post(sender, clientId, text);
    this.publish(room, { type: 'message', ...message });
    return message;
  }

  edit(room: FakeRoom, of: number, fields: Partial<Message>): void {
    this.publish(room, frameOf(room, room.edit(of, fields)));
  }

  publish(room: FakeRoom, frame: ServerFrame): void {
    for (const link of this.#links) if (room.members.has(link.user)) this.#push(link, frame);
  }

  sendTo(user: string, frame: ServerFrame): void {
    for (const link of this.#links) if (link.user === user) this.#push(link, frame);
  }

  /** Ends every socket, or one user's, with this close code; 1006: without a close frame. */
  drop(code: number, user?: string): void {
    for (const { socket, user: owner } of this.#links) {
      if (user !== undefined && owner !== user) continue;
      if (code === 1006) socket.terminate();
      else socket.close(code, 'dropped');
    }
  }

  get sockets(): number {
    return this.#links.size;
  }

  count(call: string): number {
    return this.calls.filter((made) => made === call).length;
  }

  #push(link: Link, frame: ServerFrame): void {
    const copies = this.onFrame(frame, link.user);
    for (let i = 0; i < copies; i += 1) link.socket.send(JSON.stringify(frame));
  }

  #onSocket(socket: WebSocket): void {
    const link: Link = { socket, user: '' };
    socket.on('close', () => this.#links.delete(link));
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as ClientFrame;
      this.frames.push(frame);
      if (frame.type === 'hello') this.#onHello(link, frame);
      else if (frame.type === 'send') this.#onSend(link, frame);
      else if (frame.type === 'read') this.#onRead(link, frame.room, frame.seq);
      else if (frame.type === 'got') this.#onGot(link, frame.rooms);
      else if (frame.type === 'ping') this.#push(link, { type: 'pong' });
      else if (frame.type === 'typing') this.#onTyping(link, frame);
    });
  }

  #onHello(link: Link, { token, rooms: named = {} }: HelloFrame): void {
    const user = this.sessions.userOf(token);
    if (user === undefined) {
      link.socket.close(4001, 'token expired');
      return;
    }
    link.user = user;
    this.#links.add(link);
    const mine = [...this.rooms.values()].filter((room) => room.members.has(user));
    const rooms = Object.fromEntries(
      mine.map((room) => [room.id, [room.head, room.members.get(user)!.readSeq, room.v] as const]),
    );
    this.#push(link, {
      type: 'ready',
      user,
      session: 's',
      heartbeat: this.heartbeat,
      rooms,
      self: this.self,
    });
    for (const room of mine) this.#replay(link, room, named[room.id] ?? room.head);
  }

  #replay(link: Link, room: FakeRoom, have: number): void {
    if (room.head - have > this.replayLimit) {
      this.#push(link, { type: 'gap', room: room.id, from: have + 1, to: room.head });
      return;
    }
    for (const entry of room.log.slice(have)) this.#push(link, frameOf(room, entry));
  }

  #onSend(link: Link, frame: SendFrame): void {
    const { clientId } = frame;
    const room = this.rooms.get(frame.room);
    const verdict = this.onSend(frame);
    if (room === undefined || (verdict !== undefined && verdict !== 'lost')) {
      const { code, retry } =
        typeof verdict === 'object' ? verdict : ({ code: 'not_found', retry: false } as const);
      this.#push(link, { type: 'error', code, retry, message: `refused: ${code}`, clientId });
      return;
    }
    const { message } = room.post(this.users.get(link.user)!, clientId, frame.text);
    const { seq, id, at } = message;
    if (verdict === 'lost') return;
    this.#push(link, { type: 'ack', clientId, room: room.id, seq, id, at });
    this.publish(room, { type: 'message', ...message });
  }

  #onRead(link: Link, id: string, seq: number): void {
    const place = this.#placeOf(link, id);
    if (place === undefined) return;
    const { room, member } = place;
    member.readSeq = Math.max(member.readSeq, seq);
    this.publish(room, { type: 'read', room: id, user: link.user, seq: member.readSeq });
  }

  #onGot(link: Link, rooms: SeqByRoom): void {
    for (const [id, got] of Object.entries(rooms)) {
      const place = this.#placeOf(link, id);
      if (place === undefined) continue;
      const { room, member } = place;
      member.gotSeq = Math.max(member.gotSeq, got);
      this.publish(room, { type: 'read', room: id, user: link.user, seq: 0, got: member.gotSeq });
    }
  }

  #onTyping(link: Link, frame: TypingFrame): void {
    const place = this.#placeOf(link, frame.room);
    if (place !== undefined) this.publish(place.room, { ...frame, user: link.user });
  }

  /** Undefined for who is gone from the room: a frame of theirs may have been on its way. */
  #placeOf({ user }: Link, id: string): Place | undefined {
    const room = this.rooms.get(id);
    const member = room?.members.get(user);
    return room === undefined || member === undefined ? undefined : { room, member };
  }
}

function frameOf(room: FakeRoom, { kind, seq, of = 0 }: FakeEntry): ServerFrame {
  if (kind === 'void') return { type: 'void', room: room.id, seq };
  if (kind === 'message') return { type: 'message', ...room.messages.get(seq)! };
  return { type: 'change', room: room.id, seq, message: room.messages.get(of)! };
}
