import { expect } from 'chai';
import { Silence } from '../../../api/services/silence.ts';

describe('Silence', () => {
  function setup() {
    let clock = 0;
    const silence = new Silence(() => clock);
    const settlers: { resolve: () => void; reject: (error: Error) => void }[] = [];
    const begin = () =>
      silence.during(() => new Promise<void>((resolve, reject) => settlers.push({ resolve, reject })));
    const pass = (ms: number) => (clock += ms);
    return { silence, settlers, begin, pass };
  }

  it('is not silent while nothing waits, however long ago the last success was', async () => {
    const { silence, pass } = setup();
    await silence.during(() => Promise.resolve());
    pass(60_000);
    expect(silence.isSilent).to.equal(false);
  });

  it('is silent when something waits and nothing has come back for a while', () => {
    const { silence, begin, pass } = setup();
    void begin();
    pass(1_500);
    expect(silence.isSilent).to.equal(false);
    pass(1);
    expect(silence.isSilent).to.equal(true);
  });

  it('ends with any success, even if something older still waits', async () => {
    const { silence, settlers, begin, pass } = setup();
    void begin();
    pass(1_000);
    const second = begin();
    pass(1_000);
    settlers[1]?.resolve();
    await second;
    expect(silence.isSilent).to.equal(false);
  });

  it('lets work through again once all that waited has failed', async () => {
    const { silence, settlers, begin, pass } = setup();
    const first = begin();
    pass(4_000);
    settlers[0]?.reject(new Error('late'));
    await first.catch(() => undefined);
    expect(silence.isSilent).to.equal(false);
    void begin();
    expect(silence.isSilent).to.equal(false);
  });
});
