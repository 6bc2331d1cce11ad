import { expect } from 'chai';
import { RoomPeople } from '../../../shared/sdk/people.ts';
import { LIMITS } from '../../../shared/wire/protocol.ts';
import type { Member, Room, UserSummary } from '../../../shared/wire/rest.ts';
import { until } from './world.ts';

describe('the people of a room', () => {
  const ann: Member = {
    user: { id: 'ann', username: 'ann', displayName: 'Ann' },
    ...{ role: 'member', readSeq: 0, gotSeq: 0 },
  };
  const small = { members: 2 } as Room;
  const make = () => {
    const state = { isReachable: false, asked: 0, members: [ann], changed: [] as UserSummary[] };
    const people = new RoomPeople({
      fetch: () => {
        state.asked += 1;
        return state.isReachable ? Promise.resolve(state.members) : Promise.reject(new Error('away'));
      },
      warn: () => undefined,
      typingDuration: 60,
      onReceipts: () => undefined,
      onChanged: (user) => state.changed.push(user),
    });
    return { state, people };
  };

  it('are read with the next connection where there was none', async () => {
    const { state, people } = make();
    const failure: unknown = await people.load().catch((error: unknown) => error);
    expect(failure).to.be.an('error');
    state.isReachable = true;
    people.resume(undefined, true);
    await until(people.members, (members) => members.length === 1);
    people.resume(undefined, true);
    expect(state.asked).to.equal(2);
  });

  it('are read with each connection where somebody looks, since no frame tells who read meanwhile', async () => {
    const { state, people } = make();
    state.isReachable = true;
    await people.load();
    people.resume(small, true);
    expect(state.asked).to.equal(2);
  });

  it('are read when they are wanted next where nobody looked as the connection came', async () => {
    const { state, people } = make();
    state.isReachable = true;
    await people.load();
    people.resume(small, false);
    expect(state.asked).to.equal(1);
    people.want(small);
    people.want(small);
    expect(state.asked).to.equal(2);
  });

  it('tell of names, pictures and statuses that changed while no frame could', async () => {
    const { state, people } = make();
    state.isReachable = true;
    await people.load();
    const user = { ...ann.user, status: 'on a train', statusEmoji: '🚆' };
    state.members = [{ ...ann, user }];
    await people.load();
    await people.load();
    expect(state.changed).to.deep.equal([ann.user, user]);
  });

  it('of a room too large for receipts are not read again', async () => {
    const { state, people } = make();
    state.isReachable = true;
    await people.load();
    people.resume({ ...small, members: LIMITS.receiptMembers + 1 }, true);
    expect(state.asked).to.equal(1);
  });

  it('are not read by themselves where nobody asked for them', () => {
    const { state, people } = make();
    people.resume(small, true);
    expect(state.asked).to.equal(0);
  });
});
