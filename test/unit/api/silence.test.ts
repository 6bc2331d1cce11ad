import { expect } from 'chai';
import { Silence } from '../../../api/services/silence.ts';
import { VirtualTime } from '../../support/virtual-time.ts';

describe('Silence', () => {
  function setup() {
    const time = new VirtualTime();
    return { time, silence: new Silence(time) };
  }

  it('is not silent while nothing waits, however long ago the last success was', async () => {
    const { silence, time } = setup();
    silence.begin();
    silence.end(true);
    await time.pass(60_000);
    expect(silence.isSilent).to.equal(false);
    silence.begin();
    expect(silence.isSilent).to.equal(false);
  });

  it('is silent when something waits and nothing has succeeded for half a second', async () => {
    const { silence, time } = setup();
    silence.begin();
    await time.pass(450);
    expect(silence.isSilent).to.equal(false);
    await time.pass(100);
    expect(silence.isSilent).to.equal(true);
  });

  it('ends with any success, even if something older still waits', async () => {
    const { silence, time } = setup();
    silence.begin();
    await time.pass(300);
    silence.begin();
    await time.pass(700);
    silence.end(true);
    expect(silence.isSilent).to.equal(false);
    expect(silence.underway).to.equal(1);
  });

  it('is not ended by a failure while something waits', async () => {
    const { silence, time } = setup();
    silence.begin();
    silence.begin();
    await time.pass(1_000);
    silence.end(false);
    expect(silence.isSilent).to.equal(true);
  });

  it('lets work through again once all that waited has failed', async () => {
    const { silence, time } = setup();
    silence.begin();
    await time.pass(4_000);
    silence.end(false);
    expect(silence.isSilent).to.equal(false);
    silence.begin();
    expect(silence.isSilent).to.equal(false);
  });

  it('lets a probe through now and then', async () => {
    const { silence, time } = setup();
    silence.begin();
    await time.pass(1_000);
    expect([silence.admits(), silence.admits()]).to.deep.equal([true, false]);
    await time.pass(200);
    expect(silence.admits()).to.equal(false);
    await time.pass(50);
    expect([silence.admits(), silence.admits()]).to.deep.equal([true, false]);
  });

  it('does not take a standstill of its own process for silence', async () => {
    const { silence, time } = setup();
    silence.begin();
    await time.pass(100);
    time.standStill(10_000);
    await time.pass(100);
    expect(silence.isSilent).to.equal(false);
  });
});
