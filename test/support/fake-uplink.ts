import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Bus } from '../../shared/node/bus.ts';
import { encodeEnvelope, Kind } from '../../shared/node/envelope.ts';
import type {
  InternalCursor,
  InternalSend,
  LogSlice,
  RoomList,
  RoomListAnswer,
  RoomNews,
  SendResult,
} from '../../shared/node/internal.ts';
import { ListDigest } from '../../shared/node/list-digest.ts';
import { roomChannel, userChannel } from '../../shared/node/keys.ts';
import type { Cache } from '../../gateway/cache.ts';
import type { Heads, LogRange, Uplink } from '../../gateway/uplink.ts';

/** A store, an API and Redis' counters in one object: what a gateway sees of the rest of the cluster. */
export class FakeCluster implements Uplink, Cache {
  readonly bus: Bus;
  readonly log_ = new Map<string, string[]>();
  readonly members = new Map<string, Map<string, readonly [number, number, number]>>();
  readonly counters_ = new Map<string, number>();
  readonly versions_ = new Map<string, number>();
  readonly ended = new Set<string>();
  readonly calls: string[] = [];
  readonly cursors_: InternalCursor[] = [];
  /** Publishes get lost, as when Redis restarts between. */
  isSilent = false;
  isRedisAway = false;
  isApiAway = false;
  hasCache = true;
  redisRun = 'run-1';
  readonly #stored = new Map<string, SendResult>();

  constructor(bus: Bus) {
    this.bus = bus;
  }

  join(user: string, room: string): void {
    const rooms = this.members.get(user) ?? new Map<string, readonly [number, number, number]>();
    rooms.set(room, [this.head(room), 1, 2]);
    this.members.set(user, rooms);
  }

  head(room: string): number {
    return this.log_.get(room)?.length ?? 0;
  }

  /** Stores a message and publishes it. */
  async post(room: string, text: string, clientId?: string): Promise<number> {
    const frames = this.log_.get(room) ?? [];
    const seq = frames.length + 1;
    const frame = JSON.stringify({ type: 'message', room, seq, text, ...(clientId ? { clientId } : {}) });
    this.log_.set(room, [...frames, frame]);
    this.counters_.set(room, seq);
    if (!this.isSilent) await this.bus.publish(roomChannel(room), encodeEnvelope(Kind.log, room, seq, frame));
    return seq;
  }

  async signal(
    user: string,
    kind: Kind,
    room: string,
    number: number,
    frame: object | string,
  ): Promise<void> {
    const body = typeof frame === 'string' ? frame : JSON.stringify(frame);
    await this.bus.publish(userChannel(user), encodeEnvelope(kind, room, number, body));
  }

  async send(send: InternalSend): Promise<SendResult> {
    this.#called('send');
    if (this.members.get(send.user)?.has(send.room) !== true) {
      return { code: 'not_found', message: 'No such room.', retry: false };
    }
    const key = `${send.room}:${send.user}:${send.clientId}`;
    const known = this.#stored.get(key);
    if (known !== undefined) return known;
    const seq = await this.post(send.room, send.text, send.clientId);
    const result = { room: send.room, seq, id: 'f'.repeat(24), at: '2026-01-01T00:00:00.000Z' };
    this.#stored.set(key, result);
    return result;
  }

  async roomList(user: string, session: string): Promise<RoomList> {
    return (await this.roomLists({ [user]: [session] }))[user] as RoomList;
  }

  async roomLists(
    users: Readonly<Record<string, readonly string[]>>,
    digests: Readonly<Record<string, string>> = {},
  ): Promise<Record<string, RoomListAnswer>> {
    this.#called('room-lists');
    return Object.fromEntries(
      Object.entries(users).map(([user, sessions]) => {
        const ended = sessions.filter((session) => this.ended.has(session));
        const rooms = this.#rooms(user);
        return [user, digestOf(rooms) === digests[user] ? { ended } : { rooms, ended }];
      }),
    );
  }

  async rooms(rooms: readonly string[]): Promise<Readonly<Record<string, RoomNews>>> {
    this.#called('rooms');
    const row = (room: string) =>
      [...this.members.values()].map((list) => list.get(room)).find((found) => found !== undefined);
    return Object.fromEntries(
      rooms.map((room) => {
        const v = row(room)?.[1] ?? 0;
        return [room, { v, frame: JSON.stringify({ type: 'room', room: { id: room, v }, head: 0 }) }];
      }),
    );
  }

  async heads(rooms: readonly string[]): Promise<Heads> {
    this.#called('heads');
    for (const room of rooms)
      this.counters_.set(room, Math.max(this.counters_.get(room) ?? 0, this.head(room)));
    return Object.fromEntries(rooms.map((room) => [room, this.head(room)]));
  }

  async log({ room, after, to }: LogRange): Promise<LogSlice> {
    this.#called('log');
    const frames = this.log_.get(room) ?? [];
    const end = Math.min(to ?? frames.length, frames.length, after + 500);
    const entries = frames.slice(after, end).map((frame, index) => [after + index + 1, frame] as const);
    return { entries, to: entries.at(-1)?.[0] ?? after, head: frames.length };
  }

  async cursors(cursors: readonly InternalCursor[]): Promise<void> {
    this.#called('cursors');
    this.cursors_.push(...cursors);
  }

  async counters(rooms: readonly string[]): Promise<readonly (number | undefined)[]> {
    if (this.isRedisAway) throw new Error('Redis is away');
    return rooms.map((room) => this.counters_.get(room));
  }

  async versions(rooms: readonly string[]): Promise<readonly (number | undefined)[]> {
    if (this.isRedisAway) throw new Error('Redis is away');
    return rooms.map((room) => this.versions_.get(room));
  }

  async runId(): Promise<string> {
    return this.redisRun;
  }

  async cachedRoomList(user: string, session: string): ReturnType<Cache['cachedRoomList']> {
    if (this.isRedisAway) throw new Error('Redis is away');
    return { rooms: this.hasCache ? this.#rooms(user) : undefined, isEnded: this.ended.has(session) };
  }

  #rooms(user: string): RoomList['rooms'] {
    return Object.fromEntries(this.members.get(user) ?? []);
  }

  #called(what: string): void {
    this.calls.push(what);
    if (this.isApiAway) throw new Error('the API is away');
  }
}

function digestOf(rooms: RoomList['rooms']): string {
  const digest = new ListDigest();
  for (const [room, row] of Object.entries(rooms)) digest.add(room, ...row);
  return digest.toString();
}

/** The same behind the internal API's HTTP, for whole processes. Counts what it was asked in `cluster.calls`. */
export class FakeApiServer {
  readonly cluster: FakeCluster;
  readonly #server: Server;
  readonly #secret: string;
  /** Answers `failure` to so many requests. */
  failures = 0;
  failure = 500;
  code = 'unavailable';

  constructor(cluster: FakeCluster, secret: string) {
    this.cluster = cluster;
    this.#secret = secret;
    this.#server = createServer((request, response) => {
      this.#answer(request).then(
        (body) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
        (error: Error) => {
          const status = error.message === 'unauthorized' ? 401 : this.failure;
          response.writeHead(status).end(JSON.stringify({ code: this.code }));
        },
      );
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #answer(request: IncomingMessage): Promise<object> {
    if (request.headers.authorization !== `Bearer ${this.#secret}`) throw new Error('unauthorized');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (this.failures > 0) {
      this.failures--;
      throw new Error('failed');
    }
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as never;
    return await this.#dispatch(request.url ?? '', body);
  }

  async #dispatch(url: string, body: Record<string, unknown>): Promise<object> {
    switch (url) {
      case '/internal/sends': {
        const results: SendResult[] = [];
        for (const send of body['sends'] as InternalSend[]) results.push(await this.cluster.send(send));
        return { results };
      }
      case '/internal/room-lists':
        return { users: await this.cluster.roomLists(body['users'] as never, body['digests'] as never) };
      case '/internal/rooms':
        return { rooms: await this.cluster.rooms(body['rooms'] as string[]) };
      case '/internal/heads':
        return { heads: await this.cluster.heads(body['rooms'] as string[]) };
      case '/internal/log': {
        const ranges = Object.entries(body['rooms'] as Record<string, { after: number; to?: number }>);
        const slices = ranges.map(async ([room, range]) => [
          room,
          await this.cluster.log({ room, ...range }),
        ]);
        return { rooms: Object.fromEntries(await Promise.all(slices)) as object };
      }
      case '/internal/cursors':
        await this.cluster.cursors(body['cursors'] as InternalCursor[]);
        return {};
      default:
        throw new Error('not found');
    }
  }
}
