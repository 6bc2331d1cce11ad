import { expect } from 'chai';
import { createDates } from '../../../client/src/lib/chat/dates.ts';
import { isNameTyped, leavingOf } from '../../../client/src/lib/chat/leaving.ts';
import { muteChoices, muteLine, unmute } from '../../../client/src/lib/chat/mute.ts';
import { isArchived, loudness } from '../../../shared/wire/prefs.ts';
import type { Message, Room, RoomMe } from '../../../shared/wire/rest.ts';

const now = new Date(2026, 10, 21, 15, 30).getTime();
const dates = createDates('en-GB');
const ME: RoomMe = { role: 'member', readSeq: 0, unread: 0, mentions: 0, notify: 'all', favourite: false };
const room = (me: Partial<RoomMe> = {}, more: Partial<Room> = {}): Room => ({
  id: 'a',
  type: 'group',
  name: 'Sailing',
  public: false,
  v: 1,
  head: 9,
  members: 2,
  ...more,
  me: { ...ME, ...me },
});
const iso = (at: number): string => new Date(at).toISOString();

describe('muting a conversation', () => {
  const [hour, eight, tomorrow, forEver] = muteChoices(now).map(({ me }) => me);

  it('is for an hour, for eight, until the next morning, or for good', () => {
    expect(hour).to.deep.equal({ mutedUntil: iso(now + 3_600_000) });
    expect(eight).to.deep.equal({ mutedUntil: iso(now + 8 * 3_600_000) });
    expect(tomorrow).to.deep.equal({ mutedUntil: iso(new Date(2026, 10, 22, 8).getTime()) });
    expect(forEver).to.deep.equal({ notify: 'none' });
  });
  it('until tomorrow means the coming morning, also late at night and at the end of a month', () => {
    const night = new Date(2026, 10, 30, 23, 59).getTime();
    expect(muteChoices(night)[2]?.me).to.deep.equal({ mutedUntil: iso(new Date(2026, 11, 1, 8).getTime()) });
  });
  it('says until when', () => {
    expect(muteLine(room(), dates, now)).to.equal('');
    expect(muteLine(room({ notify: 'none' }), dates, now)).to.equal('Muted');
    expect(muteLine(room({ mutedUntil: iso(now + 3_600_000) }), dates, now)).to.equal('Muted until 16:30');
    const next = iso(new Date(2026, 10, 22, 8).getTime());
    expect(muteLine(room({ mutedUntil: next }), dates, now)).to.equal('Muted until tomorrow, 8:00');
  });
  it('ends by itself at its time', () => {
    const muted = room({ mutedUntil: iso(now) });
    expect(loudness(muted, now - 1)).to.equal('none');
    expect(loudness(muted, now)).to.equal('all');
    expect(muteLine(muted, dates, now)).to.equal('');
  });
  it('is taken back whichever it was, and leaves the level of a timed one as it was', () => {
    expect(unmute(room({ notify: 'none' }))).to.deep.equal({ notify: 'all', mutedUntil: '' });
    const timed = room({ notify: 'mentions', mutedUntil: iso(now + 1) });
    expect(unmute(timed)).to.deep.equal({ mutedUntil: '' });
  });
});

describe('an archived conversation', () => {
  const last = (seq: number, kind: Message['kind'] = 'text') => ({
    lastMessage: { seq, kind } as Message,
  });
  it('is away until the next message', () => {
    expect(isArchived(room({}, last(5)))).to.equal(false);
    expect(isArchived(room({ archivedSeq: 5 }, last(5)))).to.equal(true);
    expect(isArchived(room({ archivedSeq: 5 }, last(6)))).to.equal(false);
  });
  it('is not brought back by a notice', () => {
    expect(isArchived(room({ archivedSeq: 5 }, last(6, 'notice')))).to.equal(true);
  });
  it('comes back with a mention where only those are told, and not at all where nothing is', () => {
    expect(isArchived(room({ archivedSeq: 5, notify: 'mentions' }, last(6)))).to.equal(true);
    expect(isArchived(room({ archivedSeq: 5, notify: 'mentions', mentions: 1 }, last(6)))).to.equal(false);
    expect(isArchived(room({ archivedSeq: 5, notify: 'none', mentions: 1 }, last(6)))).to.equal(true);
  });
});

describe('leaving a conversation', () => {
  it('tells whether one can come back by oneself', () => {
    expect(leavingOf(room())).to.deep.include({ may: true });
    expect(leavingOf(room()).text).to.match(/add you again/u);
    expect(leavingOf(room({}, { type: 'channel', public: true })).text).to.match(/join again/u);
    expect(leavingOf(room({}, { type: 'channel', public: false })).text).to.match(/add you again/u);
  });
  it('is nothing for its owner, who hands over first, or deletes what nobody else is in', () => {
    expect(leavingOf(room({ role: 'owner' }))).to.deep.include({ may: false });
    expect(leavingOf(room({ role: 'owner' })).text).to.match(/someone else its owner/u);
    expect(leavingOf(room({ role: 'owner' }, { members: 1 })).text).to.match(/Delete it instead/u);
    expect(leavingOf(room({ role: 'admin' })).may).to.equal(true);
  });
  it('and deleting one wants its name, with or without the #', () => {
    expect(isNameTyped({ name: 'Sailing' }, ' Sailing ')).to.equal(true);
    expect(isNameTyped({ name: 'ops' }, '#ops')).to.equal(true);
    expect(isNameTyped({ name: 'Sailing' }, 'sailing')).to.equal(false);
    expect(isNameTyped({ name: 'Sailing' }, '')).to.equal(false);
    expect(isNameTyped({}, '')).to.equal(false);
  });
});
