import { expect } from 'chai';
import fc from 'fast-check';
import { Activity } from '../../../shared/sdk/activity.ts';

describe('when rooms were active', () => {
  const order = (activity: Activity, rooms = ['a', 'b', 'c', 'd']): string =>
    rooms.toSorted((one, other) => activity.compare(one, other)).join('');
  const listed = (): Activity => {
    const activity = new Activity();
    activity.ask();
    activity.adopt(['a', 'b', 'c', 'd']);
    return activity;
  };

  /** Each room stands at 5. */
  const HEADS = { a: [5, 0, 1], b: [5, 0, 1], c: [5, 0, 1], d: [5, 0, 1] } as const;
  const missed = (activity: Activity, room: string, at: string): void => {
    activity.said(room, { seq: 5, at });
  };

  it('is told by the server, and then by what happens', () => {
    const activity = listed();
    expect(order(activity)).to.equal('abcd');
    activity.said('c', { seq: 5, at: '10:09' });
    activity.touch('d');
    expect(order(activity)).to.equal('dcab');
  });

  it('is told by the time of what was missed, in whatever order it comes in', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(['a', 'b', 'c', 'd'], { minLength: 4 }), (arrival) => {
        const activity = listed();
        activity.touch('d');
        activity.resume(HEADS);
        for (const room of arrival.filter((one) => one !== 'd'))
          missed(activity, room, { a: '10:01', b: '10:03', c: '10:02' }[room] ?? '');
        expect(order(activity)).to.equal('bcad');
      }),
    );
  });

  it('is later for what happens now than for what was missed', () => {
    const activity = listed();
    activity.resume(HEADS);
    missed(activity, 'a', '10:01');
    activity.said('d', { seq: 6, at: '10:00' });
    missed(activity, 'b', '10:02');
    missed(activity, 'd', '10:03');
    expect(order(activity)).to.equal('dbac');
  });

  it('stays above a list that was asked for before', () => {
    const activity = listed();
    activity.ask();
    activity.resume(HEADS);
    missed(activity, 'd', '10:01');
    activity.adopt(['c', 'b', 'a', 'd']);
    expect(order(activity)).to.equal('dcba');
  });
});
