import { expect } from 'chai';
import { Asides } from '../../../gateway/asides.ts';
import { LoadMeter } from '../../../gateway/load.ts';
import type { Room } from '../../../gateway/room.ts';
import { Kind } from '../../../shared/node/envelope.ts';
import { chat, idOf } from '../../support/gateway-harness.ts';

const [alice, bob, room] = [idOf('a'), idOf('b'), idOf('1')] as const;

describe('gateway load', () => {
  it('is high while the event loop is late, and for a moment after', () => {
    let clock = 0;
    let shed = 0;
    const load = new LoadMeter(
      () => clock,
      () => shed++,
    );
    const sample = (ms: number): boolean => {
      clock += ms;
      load.sample();
      return load.shed();
    };
    expect([sample(200), sample(250), sample(500), sample(200), sample(200)]).to.deep.equal([
      false,
      false,
      true,
      true,
      true,
    ]);
    for (let i = 0; i < 10; i++) sample(200);
    expect(load.isHigh).to.equal(false);
    expect(shed).to.be.greaterThan(2);
  });

  it('lets receipts wait while it is high, as many as there is space for, and drops typing', () => {
    const given: string[] = [];
    const load = { isHigh: true, shed: () => (sheds += 1) > 0 };
    let sheds = 0;
    const asides = new Asides(
      { deliver: (_room, { wire, offset }) => given.push(String(wire.subarray(offset))) },
      load,
    );
    const here = { id: room } as Room;
    const come = (kind: Kind, text: string): void =>
      asides.deliver(here, { kind, room, number: 0, body: Buffer.from(text) });
    for (let n = 0; n < 1_001; n += 1) come(Kind.read, `read ${n}`);
    come(Kind.typing, 'typing');
    asides.look();
    expect([given.length, sheds]).to.deep.equal([0, 2]);
    load.isHigh = false;
    asides.look();
    expect(given, 'not all at once').to.have.length(50);
    for (let looks = 1; looks < 20; looks += 1) asides.look();
    expect([given.length, given.at(0), given.at(-1)]).to.deep.equal([1_000, 'read 0', 'read 999']);
    come(Kind.typing, 'typing');
    asides.look();
    expect(given.slice(1_000)).to.deep.equal(['typing']);
  });

  it('drops typing while it is high, and no message', async () => {
    const t = chat();
    const [a, b] = [await t.ready(alice), await t.ready(bob)];
    t.clock += 1_000;
    t.gateway.load.sample();
    t.clock += 1_000;
    t.gateway.load.sample();
    a.session.onText(JSON.stringify({ type: 'typing', room }));
    a.session.onText(JSON.stringify({ type: 'send', clientId: 'c', room, text: 'hello' }));
    await b.socket.until(() => b.socket.seqs().length > 0);
    expect(b.socket.ofType('typing')).to.deep.equal([]);
    const { values } = await t.gateway.metrics.shed.get();
    expect(values).to.have.length(1);
    expect(values[0]).to.deep.include({ value: 1, labels: { reason: 'gateway', ...values[0]!.labels } });
  });
});
