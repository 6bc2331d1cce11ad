import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestCluster, type TestCluster } from '../support/cluster.ts';
import type { Person } from '../support/person.ts';
import type { RawSocket } from '../support/raw-socket.ts';
import { Metrics } from '../support/scrape.ts';

/** ms: a refusal takes less than one second; a busy machine gets some more. */
const SOON = 2_500;

describe('sends over a socket while servers hang', function () {
  this.timeout(240_000);
  let parley: TestCluster;
  let ann: Person;
  let socket: RawSocket;
  let room: string;

  before(async () => {
    parley = await startTestCluster({ api: 2, gateways: 1 });
    ann = await parley.register('ann');
    const bob = await parley.register('bob');
    room = (await ann.createRoom({ type: 'group', name: 'Slow', members: [bob.id] })).id;
    socket = ann.socket(parley.gateway(0));
    await socket.hello(ann.token);
  });
  after(async () => {
    socket?.ws.terminate();
    await parley?.stop();
  });

  const signal = (name: string, kind: 'SIGSTOP' | 'SIGCONT'): void => {
    process.kill(parley.cluster.process(name).identity!.pid, kind);
  };
  const answer = async (clientId: string) => {
    const sent = performance.now();
    socket.send({ type: 'send', clientId, room, text: 'hello' });
    const isMine = (frame: { clientId?: string }): boolean => frame.clientId === clientId;
    const frame = await Promise.race([socket.next('ack', isMine), socket.next('error', isMine)]);
    return { frame, ms: performance.now() - sent };
  };
  const untilAcked = async (clientId: string): Promise<number> => {
    for (;;) {
      const { frame } = await answer(clientId);
      if (frame.type === 'ack') return frame.seq;
      expect(frame.retry).to.equal(true);
      await sleep(100);
    }
  };

  it('are refused soon, to be tried again, while the store hangs, and stored once when it is back', async () => {
    await untilAcked('before');
    signal('mongodb', 'SIGSTOP');
    const answers: ReturnType<typeof answer>[] = [];
    try {
      for (let i = 0; i < 40; i++) {
        answers.push(answer(`hang-${i}`));
        await sleep(50);
      }
      for (const { frame, ms } of await Promise.all(answers)) {
        expect(frame).to.include({ type: 'error', retry: true, retryAfterMs: 1_000 });
        expect(ms).to.be.below(SOON);
      }
    } finally {
      signal('mongodb', 'SIGCONT');
    }
    const seqs = await Promise.all(answers.map((_, i) => untilAcked(`hang-${i}`)));
    expect(new Set(seqs).size).to.equal(40);
    const { messages } = await ann.history(room, '?limit=100');
    for (const [i, seq] of seqs.entries()) {
      const mine = messages.filter(({ clientId }) => clientId === `hang-${i}`);
      expect(mine.map((message) => message.seq)).to.deep.equal([seq]);
    }
  });

  it('go on while Redis hangs, and arrive when it is back', async () => {
    await untilAcked('before Redis');
    signal('redis', 'SIGSTOP');
    let acked = 0;
    try {
      for (let i = 0; i < 20; i++) {
        const { frame, ms } = await answer(`redis-${i}`);
        expect(ms).to.be.below(SOON);
        if (frame.type === 'ack') acked += 1;
        else expect(frame.retry).to.equal(true);
      }
    } finally {
      signal('redis', 'SIGCONT');
    }
    expect(acked).to.be.at.least(15);
    const last = await untilAcked('after Redis');
    await socket.next('message', ({ seq }) => seq === last, 20_000);
  });

  it('move the metrics of gateways and API nodes', async () => {
    const [gateway] = parley.cluster.gateways;
    const { text, ...metrics } = await read(gateway!);
    expect(metrics.sum('parley_send_seconds_count', { outcome: 'ack' })).to.be.greaterThan(40);
    expect(metrics.sum('parley_send_seconds_count', { outcome: 'error' })).to.be.greaterThan(20);
    expect(metrics.sum('parley_send_batch_sends_sum')).to.be.greaterThan(80);
    expect(metrics.sum('parley_flush_writes_count')).to.be.greaterThan(0);
    expect(metrics.sum('parley_queued_sends')).to.equal(0);
    expect(metrics.sum('parley_send_queue_age_seconds')).to.equal(0);
    expect(text).to.include('nodejs_eventloop_lag_p99_seconds').and.not.to.include(room);
    let answered = 0;
    for (const node of parley.cluster.apiNodes)
      answered += (await read(node)).sum('parley_send_accept_seconds_count', { via: 'socket' });
    expect(answered).to.be.greaterThan(60);
  });
});

async function read(node: { readonly internalPort: number }): Promise<{
  readonly text: string;
  readonly sum: Metrics['sum'];
}> {
  const metrics = await Metrics.of(node);
  return { text: metrics.text, sum: (...args) => metrics.sum(...args) };
}
