import { expect } from 'chai';
import { LoadMeter } from '../../../gateway/load.ts';
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

  it('drops typing and others’ receipts while it is high, and no message', async () => {
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
