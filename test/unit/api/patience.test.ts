import { expect } from 'chai';
import { Patience, PATIENCE, type Impatience } from '../../../api/services/patience.ts';
import { Silence } from '../../../api/services/silence.ts';
import { VirtualTime } from '../../support/virtual-time.ts';

const never = (): Promise<never> => new Promise<never>(() => undefined);
const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(String, (error: unknown) => error);

describe('Patience', () => {
  function setup(options: { readonly tells?: boolean } = {}) {
    const time = new VirtualTime();
    const silence = new Silence(time);
    const heard: Impatience[] = [];
    const patience = new Patience({
      ...{ what: 'The store', limitMs: PATIENCE.send, silence, time },
      onImpatience: (why) => heard.push(why),
      ...options,
    });
    return { time, silence, heard, patience };
  }

  it('gives what the work gives', async () => {
    expect(await setup().patience.ask(() => Promise.resolve(7))).to.equal(7);
  });

  it('throws what the work throws', async () => {
    const failure = new Error('no');
    expect(await caught(setup().patience.ask(() => Promise.reject(failure)))).to.equal(failure);
  });

  it('is unavailable, to be tried again, within a second when the work hangs', async () => {
    const { patience, time, heard } = setup();
    const answer = caught(patience.ask(never));
    await time.pass(PATIENCE.send - 1);
    expect(heard).to.deep.equal([]);
    await time.pass(1_000 - PATIENCE.send);
    expect(await answer).to.include({ code: 'unavailable', retry: true, retryAfterMs: 1_000 });
    expect(heard).to.deep.equal(['late']);
  });

  it('answers each in its own time', async () => {
    const { patience, time, heard } = setup();
    for (let i = 0; i < 4; i++) {
      caught(patience.ask(never)).catch(() => undefined);
      await time.pass(100);
    }
    await time.pass(PATIENCE.send - 400 + 50);
    expect(heard).to.have.length(1);
    await time.pass(300);
    expect(heard).to.have.length(4);
  });

  it('refuses at once during silence, but for a probe now and then', async () => {
    const { patience, time, heard } = setup();
    void caught(patience.ask(never));
    await time.pass(600);
    void caught(patience.ask(never));
    expect(await caught(patience.ask(never))).to.include({ code: 'unavailable', retry: true });
    expect(heard).to.deep.equal(['silence']);
  });

  it('lets all through again as soon as what was given up succeeds', async () => {
    const { patience, time, heard } = setup();
    let succeed: () => void = () => undefined;
    const answer = caught(patience.ask(() => new Promise<void>((resolve) => (succeed = resolve))));
    await time.pass(2_000);
    expect(await answer).to.include({ code: 'unavailable' });
    succeed();
    await time.pass(1);
    for (let i = 0; i < 3; i++) expect(await patience.ask(() => Promise.resolve(i))).to.equal(i);
    expect(heard).to.deep.equal(['late']);
  });

  it('hears first what came while its own process stood still', async () => {
    const { patience, time, heard } = setup();
    let succeed: (value: number) => void = () => undefined;
    const answer = patience.ask(() => new Promise<number>((resolve) => (succeed = resolve)));
    await time.pass(100);
    time.standStill(5_000);
    await time.pass(0);
    succeed(1);
    await time.pass(100);
    expect(await answer).to.equal(1);
    expect(heard).to.deep.equal([]);
  });

  it('answers who waits too long also while every turn of its process takes long', async () => {
    const { patience, time, heard } = setup();
    void caught(patience.ask(never));
    for (let i = 0; i < 4; i++) {
      time.standStill(300);
      await time.pass(1);
    }
    expect(heard).to.deep.equal(['late']);
  });

  it('takes no work for a sign of silence that may have reasons of its own', async () => {
    const { patience, time, silence } = setup({ tells: false });
    void caught(patience.ask(never));
    await time.pass(700);
    expect(silence.isSilent).to.equal(false);
  });

  it('refuses as overloaded when too many wait', async () => {
    const { patience } = setup();
    for (let i = 0; i < 10_000; i++) void caught(patience.ask(never));
    expect(await caught(patience.ask(never))).to.include({ code: 'overloaded', retry: true });
  });
});
