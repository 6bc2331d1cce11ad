import { expect } from 'chai';
import fc from 'fast-check';
import { FanOut } from '../../../gateway/fan-out.ts';
import { Flusher } from '../../../gateway/flusher.ts';
import { controlFrame, outFrame, type OutFrame } from '../../../gateway/out-frame.ts';
import { Outbox, OUTBOX_LIMITS } from '../../../gateway/outbox.ts';
import { RingBudget } from '../../../gateway/ring.ts';
import { Room } from '../../../gateway/room.ts';
import { type Device, User } from '../../../gateway/user.ts';
import { MemorySocket } from '../../support/gateway-harness.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const message = (seq: number, isSheddable = false): OutFrame =>
  outFrame(Buffer.from(JSON.stringify({ type: 'message', seq })), isSheddable);

/** A clock that moves only as told: each write takes `writeMs`. */
function bench(writeMs = 0) {
  const clock = { now: 0, flushes: [] as number[] };
  const flusher = new Flusher(
    (writes) => clock.flushes.push(writes),
    () => clock.now,
  );
  class Socket extends MemorySocket {
    override write(frames: readonly OutFrame[]): void {
      clock.now += writeMs;
      super.write(frames);
    }
  }
  const closed: number[] = [];
  const open = (): { socket: Socket; outbox: Outbox } => {
    const socket = new Socket();
    const owner = { onSlow: () => void closed.push(closed.length), onShed: () => undefined };
    const outbox = new Outbox(socket, flusher, owner);
    outbox.release([]);
    return { socket, outbox };
  };
  return { clock, flusher, open, closed };
}

/** A room whose members have one device each. */
function crowd(size: number, writeMs = 0) {
  const { open, flusher, ...rest } = bench(writeMs);
  const room = new Room('r', new RingBudget(1e6));
  const members = Array.from({ length: size }, (_, i) => {
    const { socket, outbox } = open();
    const user = new User(String(i));
    user.devices.add({
      push: (frame: OutFrame) => outbox.push(frame),
      pushAll: (frames: readonly OutFrame[], bytes: number) => outbox.pushAll(frames, bytes),
    } as Device);
    room.members.add(user);
    return { user, socket, outbox };
  });
  const delivered: number[] = [];
  const fanOut = new FanOut(flusher, (deliveries) => delivered.push(deliveries));
  return { ...rest, flusher, room, members, fanOut, delivered };
}

describe('gateway flusher', () => {
  it('lets the event loop have a turn when its writes take long, and writes the rest in the next ones', async () => {
    const { open, clock } = bench(1);
    const all = Array.from({ length: 100 }, open);
    for (const { outbox } of all) outbox.push(message(1));
    await turn();
    const written = all.filter(({ socket }) => socket.writes > 0).length;
    expect(written).to.be.within(1, 32);
    await all[99]!.socket.until((socket) => socket.writes === 1);
    expect(all.every(({ socket }) => socket.writes === 1)).to.equal(true);
    expect(clock.flushes).to.deep.equal([100]);
  });

  it('opens a window only after a flush of many writes that took long', async () => {
    for (const [writes, ms, isOpen] of [
      [100, 1, false],
      [300, 0, false],
      [300, 0.02, true],
    ] as const) {
      const { open, flusher, clock } = bench(ms);
      for (let i = 0; i < writes; i++) open().outbox.push(message(1));
      while (clock.flushes.length === 0) await turn();
      expect(flusher.window > 0, `${writes} writes of ${ms} ms`).to.equal(isOpen);
      expect(flusher.window).to.be.at.most(20);
    }
  });

  it('writes in one go what is pushed until a socket’s place in the flush is reached', async () => {
    const { open } = bench(1);
    const all = Array.from({ length: 64 }, open);
    for (const { outbox } of all) outbox.push(message(1));
    await turn();
    const last = all[63]!;
    last.outbox.push(message(2));
    await last.socket.until((socket) => socket.frames.length === 2);
    expect(last.socket.writes).to.equal(1);
    expect(last.socket.seqs()).to.deep.equal([1, 2]);
  });
});

describe('gateway fan-out', () => {
  it('gives each member what came for the room in one turn in one write, in order', async () => {
    const { room, members, fanOut, delivered } = crowd(3);
    for (let seq = 1; seq <= 4; seq++) fanOut.deliver(room, message(seq));
    expect(fanOut.isBusy(room)).to.equal(true);
    await members[2]!.socket.until((socket) => socket.writes > 0);
    for (const { socket } of members) {
      expect(socket.writes).to.equal(1);
      expect(socket.seqs()).to.deep.equal([1, 2, 3, 4]);
    }
    expect(fanOut.isBusy(room)).to.equal(false);
    expect(delivered).to.deep.equal([12]);
  });

  it('gives nothing more to who was removed meanwhile', async () => {
    const { room, members, fanOut } = crowd(2);
    fanOut.deliver(room, message(1));
    room.members.delete(members[0]!.user);
    await members[1]!.socket.until((socket) => socket.writes > 0);
    expect(members[0]!.socket.frames).to.deep.equal([]);
  });

  it('gives out at once what waits in a room that somebody is about to enter, and not again', async () => {
    const { room, members, fanOut } = crowd(1);
    fanOut.deliver(room, message(1));
    fanOut.settle(room);
    expect(fanOut.isBusy(room)).to.equal(false);
    fanOut.deliver(room, message(2));
    await members[0]!.socket.until((socket) => socket.frames.length === 2);
    await turn();
    expect(members[0]!.socket.seqs()).to.deep.equal([1, 2]);
  });

  it('keeps every socket’s order between its rooms’ frames and its own, however pushes and turns fall', async () => {
    const step = fc.oneof(fc.constant('room'), fc.constant('own'), fc.constant('turn'));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const { room, members, fanOut } = crowd(20, 1);
        let seq = 0;
        let own = 0;
        for (const kind of steps) {
          if (kind === 'room') fanOut.deliver(room, message(++seq));
          else if (kind === 'turn') await turn();
          else {
            own++;
            for (const { outbox } of members) outbox.push(controlFrame({ type: 'pong' }));
          }
        }
        for (const { socket } of members) {
          await socket.until(() => socket.frames.length === seq + own);
          expect(socket.seqs()).to.deep.equal(Array.from({ length: seq }, (_, i) => i + 1));
        }
      }),
      { numRuns: 50 },
    );
  });

  it('sheds only what can be missed of several frames for a slow reader, and closes at the cap', () => {
    const { open, closed } = bench();
    const { socket, outbox } = open();
    socket.backlog = OUTBOX_LIMITS.shedBytes;
    const [kept, missed] = [message(1), message(2, true)];
    outbox.pushAll([kept, missed], kept.wire.length + missed.wire.length);
    expect(outbox.backlog).to.equal(OUTBOX_LIMITS.shedBytes + kept.wire.length);
    socket.backlog = OUTBOX_LIMITS.capBytes;
    outbox.pushAll([kept], kept.wire.length);
    expect(closed).to.have.length(1);
  });
});
