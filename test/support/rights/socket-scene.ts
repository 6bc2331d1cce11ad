import { randomUUID } from 'node:crypto';
import type { ClientFrame, MessageDraft, ServerFrame } from '../../../shared/wire/protocol.ts';
import { ERROR_STATUS, type ErrorCode } from '../../../shared/wire/rest.ts';
import type { Place as Origin } from '../person.ts';
import { RawSocket } from '../raw-socket.ts';
import { Scene, type Place } from './scene.ts';
import type { Standing } from '../../../api/rights/standings.ts';
import { until, type Answer, type Who, type World } from './world.ts';

/** As a refused call would be answered. */
export const problem = (code: ErrorCode): Answer => ({ status: ERROR_STATUS[code], body: { code } });
export const fine = (body: object = {}): Answer => ({ status: 200, body });

/** The frame for which it holds, once the socket has had one; of its first `since` frames none counts. */
export async function hears(
  socket: RawSocket,
  holds: (frame: ServerFrame) => boolean,
  since = 0,
): Promise<ServerFrame> {
  let found: ServerFrame | undefined;
  await until(() => Promise.resolve((found = socket.received.slice(since).find(holds)) !== undefined));
  return found!;
}

/** Whether a frame tells anything of the room. */
export function isAbout(frame: ServerFrame, room: string): boolean {
  if (frame.type === 'room') return frame.room.id === room;
  if (frame.type === 'ready' || frame.type === 'beat') return frame.rooms?.[room] !== undefined;
  return 'room' in frame && frame.room === room;
}

/** A filled room whose people are connected; within it, what is tried over the actor's socket. */
export class SocketScene {
  readonly room: Scene;
  readonly #origin: Origin;
  readonly #open: RawSocket[] = [];
  /** The actor's. */
  mine!: RawSocket;
  owners!: RawSocket;
  /** Of somebody who is in the room, and not the actor. */
  others!: RawSocket;
  action = '';
  watching = false;
  changed = false;

  private constructor(room: Scene, origin: Origin) {
    this.room = room;
    this.#origin = origin;
  }

  static async open(
    world: World,
    place: Place,
    standing: Standing,
    origin: Origin,
    crowd = false,
  ): Promise<SocketScene> {
    const room = await new Scene(world, place, standing).open();
    if (crowd) await room.crowd();
    await (crowd ? room.shut() : room.fill());
    const scene = new SocketScene(room, origin);
    scene.mine = await scene.socketOf(room.actor);
    scene.owners = await scene.socketOf(room.owner);
    scene.others = await scene.socketOf(room.other);
    return scene;
  }

  /** One that is ready. */
  async socketOf({ token }: Who, rooms?: Readonly<Record<string, number>>): Promise<RawSocket> {
    const socket = new RawSocket(this.#origin);
    this.#open.push(socket);
    await socket.hello(token, rooms);
    return socket;
  }

  close(): void {
    for (const socket of this.#open) socket.close();
  }

  /** What is tried: frames of one type, and what came of them. */
  async try(type: ClientFrame['type'], run: () => Promise<Answer>): Promise<Answer> {
    this.room.world.tried.add(`${this.action}: ${type}`);
    const before = this.watching ? await this.room.digest() : '';
    const answer = await run();
    this.changed = this.watching && (await this.room.digest()) !== before;
    return answer;
  }

  /** A `send`, and its `ack` or `error`. */
  send(text: string, more: Partial<MessageDraft> = {}, room = this.room.room): Promise<Answer> {
    const clientId = randomUUID();
    return this.try('send', async () => {
      this.mine.send({ type: 'send', clientId, room, text, ...more });
      const answer = await hears(this.mine, (frame) => 'clientId' in frame && isAnswer(frame, clientId));
      return answer.type === 'error' ? problem(answer.code) : fine(answer);
    });
  }

  /** When this resolves, whatever the gateway was to tell the actor on this socket by now has come. */
  async settle(socket = this.mine): Promise<void> {
    const { world, actor } = this.room;
    const body = { clientId: randomUUID(), text: 'an echo' };
    await world.by(actor, 'POST', `/rooms/${world.home}/messages`, body);
    await hears(socket, (frame) => frame.type === 'message' && frame.clientId === body.clientId);
  }
}

const isAnswer = (frame: ServerFrame, clientId: string): boolean =>
  (frame.type === 'ack' || frame.type === 'error') && frame.clientId === clientId;
