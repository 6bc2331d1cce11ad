import { expect } from 'chai';
import { createDates } from '../../../client/src/lib/chat/dates.ts';
import { hereOf, presenceLine, statusLine } from '../../../client/src/lib/chat/presence.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const dates = createDates('en-GB', 'UTC');
const line = (state: Parameters<typeof presenceLine>[0]): string => presenceLine(state, dates, now);
const ago = (minutes: number): string => new Date(now - minutes * 60_000).toISOString();

describe('how somebody is here', () => {
  it('is online or away, and nothing for who is gone or not known', () => {
    expect(hereOf({ user: 'a', online: true })).to.equal('online');
    expect(hereOf({ user: 'a', online: true, away: true })).to.equal('away');
    expect(hereOf({ user: 'a', online: false })).to.equal(undefined);
    expect(hereOf(undefined)).to.equal(undefined);
  });
  it('is put into words, with when they were here last', () => {
    expect(line({ user: 'a', online: true })).to.equal('Online');
    expect(line({ user: 'a', online: true, away: true })).to.equal('Away');
    expect(line({ user: 'a', online: false, lastSeen: ago(0) })).to.equal('Last seen just now');
    expect(line({ user: 'a', online: false, lastSeen: ago(5) })).to.equal('Last seen 5 min ago');
    expect(line({ user: 'a', online: false, lastSeen: ago(180) })).to.equal('Last seen 9:00');
  });
  it('is left unsaid where it is not known, or hidden', () => {
    expect(line(undefined)).to.equal('');
    expect(line({ user: 'a', online: false })).to.equal('');
  });
});

describe('a status', () => {
  const user = { id: 'a', username: 'a', displayName: 'A' };
  it('is its emoji and its words, or one of them', () => {
    expect(statusLine({ ...user, statusEmoji: '🌴', status: 'On holiday' }, now)).to.equal('🌴 On holiday');
    expect(statusLine({ ...user, status: 'Here' }, now)).to.equal('Here');
    expect(statusLine({ ...user, statusEmoji: '🌴', status: '' }, now)).to.equal('🌴');
  });
  it('is over at its time, to the millisecond', () => {
    const until = { ...user, status: 'In a meeting', statusUntil: new Date(now).toISOString() };
    expect(statusLine(until, now - 1)).to.equal('In a meeting');
    expect(statusLine(until, now)).to.equal('');
  });
  it('is nothing for who has none', () => {
    expect(statusLine(user, now)).to.equal('');
    expect(statusLine(undefined, now)).to.equal('');
  });
});
