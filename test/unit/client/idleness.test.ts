import { expect } from 'chai';
import { HIDDEN_TIME, Idleness, IDLE_TIME } from '../../../client/src/lib/chat/idleness.ts';
import { VirtualTime } from '../../support/virtual-time.ts';

describe('whether somebody is at the device', () => {
  function make() {
    const time = new VirtualTime();
    const told: boolean[] = [];
    const idleness = new Idleness((away) => void told.push(away), time);
    return { time, told, idleness };
  }

  it('is doubted once nothing was touched for five minutes', async () => {
    const { time, told } = make();
    await time.pass(IDLE_TIME - 1);
    expect(told).to.deep.equal([]);
    await time.pass(1);
    expect(told).to.deep.equal([true]);
    await time.pass(10 * IDLE_TIME);
    expect(told).to.deep.equal([true]);
  });
  it('counts from the last touch', async () => {
    const { time, told, idleness } = make();
    await time.pass(IDLE_TIME - 1_000);
    idleness.touched();
    await time.pass(IDLE_TIME - 1);
    expect(told).to.deep.equal([]);
    await time.pass(1);
    expect(told).to.deep.equal([true]);
  });
  it('is certain again with the first touch, and doubted again later', async () => {
    const { time, told, idleness } = make();
    await time.pass(IDLE_TIME);
    idleness.touched();
    idleness.touched();
    expect(told).to.deep.equal([true, false]);
    await time.pass(IDLE_TIME);
    expect(told).to.deep.equal([true, false, true]);
  });
  it('is doubted sooner while the page is not seen, and certain once it is seen again', async () => {
    const { time, told, idleness } = make();
    idleness.shown(false);
    await time.pass(HIDDEN_TIME - 1);
    expect(told).to.deep.equal([]);
    await time.pass(1);
    expect(told).to.deep.equal([true]);
    idleness.shown(true);
    expect(told).to.deep.equal([true, false]);
    await time.pass(IDLE_TIME - 1);
    expect(told).to.deep.equal([true, false]);
  });
  it('is not doubted by a look at another window', async () => {
    const { time, told, idleness } = make();
    idleness.shown(false);
    await time.pass(HIDDEN_TIME / 2);
    idleness.shown(true);
    await time.pass(HIDDEN_TIME);
    expect(told).to.deep.equal([]);
  });
  it('stays away when it goes out of view as well', async () => {
    const { time, told, idleness } = make();
    await time.pass(IDLE_TIME);
    idleness.shown(false);
    await time.pass(10 * HIDDEN_TIME);
    expect(told).to.deep.equal([true]);
  });
  it('is of no interest any more once it is stopped', async () => {
    const { time, told, idleness } = make();
    idleness.stop();
    await time.pass(10 * IDLE_TIME);
    expect(told).to.deep.equal([]);
  });
});
