import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { WebSocketServer, type WebSocket } from 'ws';
import { now, pause } from '../../../load/clock.ts';
import type { News, Tick } from '../../../load/messages.ts';
import { Squad } from '../../../load/worker/squad.ts';
import type { ClientFrame, SendFrame } from '../../../shared/wire/protocol.ts';

const ROOM = 'a'.repeat(24);
const SOCKETS = 3;
const RUN = 'abc123';

/** A gateway with one room, which stores nothing and can be told to do wrong. */
class FakeGateway {
  readonly server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  #seq = 0;
  /** What becomes of a message: the frames each socket is sent, by the socket's place. */
  deliver: (frame: object, socket: number, seq: number) => readonly object[] = (frame) => [frame];

  constructor() {
    this.server.on('connection', (socket) => {
      socket.on('message', (data: Buffer) => this.#hear(socket, JSON.parse(String(data)) as ClientFrame));
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  #hear(socket: WebSocket, frame: ClientFrame): void {
    const ready = {
      type: 'ready',
      user: 'u',
      session: 's',
      heartbeat: 25,
      rooms: { [ROOM]: [this.#seq, 0, 1] },
    };
    if (frame.type === 'hello') socket.send(JSON.stringify(ready));
    if (frame.type === 'send') this.#store(socket, frame);
  }

  #store(from: WebSocket, { clientId, text }: SendFrame): void {
    const seq = ++this.#seq;
    const id = seq.toString(16).padStart(24, '0');
    const sender = { id: 'b'.repeat(24), username: 'anna', displayName: 'Anna' };
    const message = { type: 'message', room: ROOM, seq, id, kind: 'text', sender, text, rev: seq, clientId };
    for (const [i, socket] of [...this.server.clients].entries())
      for (const frame of this.deliver(message, i, seq)) socket.send(JSON.stringify(frame));
    from.send(JSON.stringify({ type: 'ack', clientId, room: ROOM, seq, id, at: '' }));
  }
}

describe('Squad', () => {
  let gateway: FakeGateway;
  let squad: Squad;

  beforeEach(async () => {
    gateway = new FakeGateway();
    await once(gateway.server, 'listening');
    const places = Array.from({ length: SOCKETS }, (_, i) => i);
    squad = new Squad(
      {
        ...{ url: gateway.url, insecure: false, run: RUN, worker: 0, workers: 1, textLength: 80 },
        seats: places.map((index) => ({ index, user: index })),
        lanes: places.map((i) => ({ lane: i, seat: i, room: ROOM })),
        ...{ laneCount: SOCKETS, rooms: [ROOM] },
        roomsOf: new Map(places.map((user) => [user, [ROOM]])),
        tokens: new Map(places.map((user) => [user, 'token'])),
      },
      () => undefined,
    );
    squad.open(1_000);
    await sees((tick) => tick.connected === SOCKETS);
  });

  afterEach(async () => {
    squad.stop();
    for (const socket of gateway.server.clients) socket.terminate();
    await new Promise((resolve) => gateway.server.close(resolve));
  });

  /** Ticks until one holds; gives it. */
  async function sees(holds: (tick: Tick) => boolean): Promise<Tick> {
    const deadline = now() + 10_000;
    for (;;) {
      if (now() > deadline) throw new Error('it never came to that');
      const tick = squad.tick();
      if (holds(tick)) return tick;
      await pause(10);
    }
  }

  /** Sends until so many messages are acknowledged, then judges. */
  async function judged(count: number): Promise<Extract<News, { type: 'judged' }>['found']['counts']> {
    squad.send(500, now());
    let acked = 0;
    await sees(({ counters }) => (acked += counters.acked) >= count);
    squad.send(0, 0);
    const settled = await squad.settle(2_000);
    if (settled.type !== 'settled') throw new Error('not settled');
    expect(settled.open).to.equal(0);
    const verdict = await squad.judge(settled.acked, 500);
    if (verdict.type !== 'judged') throw new Error('not judged');
    expect(verdict).to.include({ views: SOCKETS, away: 0 });
    return verdict.found.counts;
  }
  const CLEAN = { lost: 0, duplicated: 0, disordered: 0, contradicted: 0 };

  it('finds nothing wrong with a gateway that does right', async () => {
    expect(await judged(30)).to.deep.equal(CLEAN);
  });

  it('minds no frame that comes twice', async () => {
    gateway.deliver = (frame) => [frame, frame];
    expect(await judged(30)).to.deep.equal(CLEAN);
  });

  it('finds the message that one socket was not sent', async () => {
    gateway.deliver = (frame, socket, seq) => (socket === 1 && seq === 20 ? [] : [frame]);
    expect(await judged(30)).to.deep.equal({ ...CLEAN, lost: 1 });
  });

  it('finds the message that stands under two numbers', async () => {
    gateway.deliver = (frame, _socket, seq) => (seq === 1 ? [frame, { ...frame, seq: 2, rev: 2 }] : []);
    const { duplicated } = await judged(1);
    expect(duplicated).to.equal(1);
  });

  it('finds two sockets that were told different things', async () => {
    gateway.deliver = (frame, socket, seq) =>
      socket === 2 && seq === 10 ? [{ type: 'void', room: ROOM, seq }] : [frame];
    const { contradicted } = await judged(30);
    expect(contradicted).to.equal(1);
  });
});
