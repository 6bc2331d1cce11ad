import { expect } from 'chai';
import { Findings } from '../../../load/check/findings.ts';
import { RoomLedger } from '../../../load/check/room-ledger.ts';
import { now } from '../../../load/clock.ts';
import { Lane } from '../../../load/worker/lane.ts';
import type { Member } from '../../../load/worker/member.ts';
import { keyOf } from '../../../load/worker/message-reader.ts';
import { Sender } from '../../../load/worker/sender.ts';
import { Tally } from '../../../load/worker/tally.ts';
import type { SendFrame } from '../../../shared/wire/protocol.ts';

const RUN = 'abc123';
const ROOM = '5'.repeat(24);

/** One socket with one lane, whose frames are kept. */
class FakeMember {
  readonly lanes: Lane[];
  readonly sent: SendFrame[] = [];
  isReady = true;
  onSend: () => void = () => undefined;

  constructor(lanes: number) {
    const member = this as unknown as Member;
    this.lanes = Array.from({ length: lanes }, (_, lane) => new Lane(lane, ROOM, member));
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as SendFrame);
    this.onSend();
  }

  sends(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.onSend = () => (this.sent.length >= count ? resolve() : undefined);
      this.onSend();
    });
  }
}

function stage(lanes: number) {
  const member = new FakeMember(lanes);
  const tally = new Tally();
  const ledger = new RoomLedger(ROOM, 64, new Int32Array(lanes), new Findings());
  const sender = new Sender({
    ...{ run: RUN, textLength: 100, tally, ledgers: new Map([[keyOf(ROOM), ledger]]) },
    lanes: new Map(member.lanes.map((lane) => [lane.lane, lane])),
  });
  sender.ready(member as unknown as Member);
  const ack = (frame: SendFrame, seq: number): void =>
    sender.answer({ type: 'ack', clientId: frame.clientId, room: ROOM, seq, id: 'x', at: 'y' });
  return { member, tally, ledger, sender, ack };
}

describe('Sender', () => {
  it('sends what is overdue at once, each with the time it was meant for', async () => {
    const { member, sender, ack } = stage(3);
    sender.start(100, now() - 25);
    await member.sends(3);
    sender.stop();
    const stamps = member.sent
      .slice(0, 3)
      .map(({ clientId }) => Number.parseInt(clientId.split('.')[3] ?? '', 36) / 100);
    expect((stamps[1] ?? 0) - (stamps[0] ?? 0)).to.be.closeTo(10, 0.02);
    expect((stamps[2] ?? 0) - (stamps[1] ?? 0)).to.be.closeTo(10, 0.02);
    ack(member.sent[0]!, 1);
    expect(sender.open).to.equal(2);
  });

  it('keeps one message of a lane on its way, and names the last one’s number in the next', async () => {
    const { member, sender, ack, tally } = stage(1);
    sender.start(1_000, now() - 10);
    await member.sends(1);
    expect(member.sent).to.have.length(1);
    expect(sender.backlog).to.be.above(5);
    ack(member.sent[0]!, 41);
    expect(member.sent).to.have.length(2);
    expect(member.sent[1]).to.include({ after: 41, room: ROOM });
    sender.stop();
    expect(tally.count).to.include({ acked: 1, sent: 2 });
    expect(sender.backlog).to.equal(0);
    expect(tally.count.notSent).to.be.above(5);
  });

  it('counts what is beyond its backlog as not sent', async () => {
    const { member, sender, tally } = stage(1);
    sender.start(10, now() - 60_000);
    await member.sends(1);
    sender.stop();
    expect(tally.count.intended).to.be.above(600);
    expect(tally.count.notSent).to.equal(tally.count.intended - tally.count.sent);
    expect(tally.count.sent).to.equal(1);
  });

  it('sends again under the same clientId after a break, and counts one ack', async () => {
    const { member, sender, ack, tally, ledger } = stage(1);
    sender.start(10, now());
    await member.sends(1);
    sender.stop();
    const [lane] = member.lanes;
    if (lane?.sending === undefined) throw new Error('nothing is under way');
    lane.sending.wiredAt = undefined; // as the socket's end leaves it
    sender.ready(member as unknown as Member);
    expect(member.sent).to.have.length(2);
    expect(member.sent[1]?.clientId).to.equal(member.sent[0]?.clientId);
    ack(member.sent[1]!, 7);
    ack(member.sent[1]!, 7);
    expect(tally.count).to.include({ acked: 1, retried: 1 });
    expect([...ledger.acked.all()]).to.deep.equal([7]);
  });

  it('gives up on a message that is refused for good, and goes on after the wait on one that is not', async () => {
    const { member, sender, tally } = stage(1);
    sender.start(10, now());
    await member.sends(1);
    sender.stop();
    const refuse = (retry: boolean): void =>
      sender.answer({
        ...{ type: 'error', code: 'overloaded', message: 'no', retry, retryAfterMs: 1 },
        clientId: member.sent[0]!.clientId,
      });
    refuse(true);
    await member.sends(2);
    expect(member.sent[1]?.clientId).to.equal(member.sent[0]?.clientId);
    refuse(false);
    expect(sender.open).to.equal(0);
    expect(tally.count).to.include({ refused: 1, retried: 1 });
  });
});
