import { expect } from 'chai';
import { fromInput, sendTimes, toInput } from '../../../client/src/lib/chat/send-times.ts';

const labels = (now: Date): string[] => sendTimes(now).map(({ label, at }) => `${label} ${toInput(at)}`);

describe('times to send later at', () => {
  it('lie ahead, in the browser’s zone', () => {
    expect(labels(new Date(2026, 2, 4, 10, 30))).to.deep.equal([
      'In one hour 2026-03-04T11:30',
      'This evening 2026-03-04T18:00',
      'Tomorrow morning 2026-03-05T09:00',
      'Monday morning 2026-03-09T09:00',
    ]);
  });

  it('leave out an evening that is over or about to begin', () => {
    expect(labels(new Date(2026, 2, 4, 17, 45)).join()).to.not.include('evening');
  });

  it('name Monday once on Sundays, and the next one on Mondays', () => {
    expect(labels(new Date(2026, 2, 8, 12, 0)).filter((text) => text.includes('2026-03-09'))).to.have.length(
      1,
    );
    expect(labels(new Date(2026, 2, 9, 12, 0)).at(-1)).to.equal('Monday morning 2026-03-16T09:00');
  });

  it('are read from a field as they are written to it', () => {
    const at = new Date(2026, 11, 31, 23, 59);
    expect(fromInput(toInput(at))).to.deep.equal(at);
    expect(fromInput('')).to.equal(undefined);
  });
});
