import { expect } from 'chai';
import { cameBack, isArchived, isListed } from '../../../shared/wire/prefs.ts';
import type { Room, RoomMe } from '../../../shared/wire/rest.ts';

const me: RoomMe = {
  ...{ role: 'member', readSeq: 5, unread: 0, mentions: 0, notify: 'all', favourite: false },
  archivedSeq: 5,
};
const room = (
  seq: number,
  kind: 'text' | 'notice',
  more: Partial<RoomMe> = {},
): Pick<Room, 'me' | 'lastMessage'> => ({
  me: { ...me, ...more },
  lastMessage: {
    ...{ room: 'r', seq, id: 'm', kind, text: 'x', rev: seq, at: '2026-03-01T08:00:00.000Z' },
    sender: { id: 'ann', username: 'ann', displayName: 'Ann' },
  },
});

describe('a room in the archive', () => {
  it('comes back with a message, which is then noted, so that a later notice does not put it away', () => {
    expect(cameBack(room(6, 'text'))).to.equal(true);
    expect(isArchived(room(7, 'notice', { archivedSeq: 0 }))).to.equal(false);
  });

  it('stays with a notice, with nothing new, and muted for good', () => {
    for (const stays of [room(6, 'notice'), room(5, 'text'), room(6, 'text', { notify: 'none' })]) {
      expect(cameBack(stays)).to.equal(false);
      expect(isArchived(stays)).to.equal(true);
    }
  });

  it('that tells of mentions only comes back with one that came since', () => {
    expect(cameBack(room(6, 'text', { notify: 'mentions' }))).to.equal(false);
    expect(cameBack(room(6, 'text', { notify: 'mentions', mentions: 1 }))).to.equal(true);
    expect(cameBack(room(5, 'text', { notify: 'mentions', mentions: 1 })), 'unread before').to.equal(false);
  });

  it('that never was there does not come back', () => {
    expect(cameBack(room(6, 'text', { archivedSeq: 0 }))).to.equal(false);
  });
});

describe('a conversation that somebody else began', () => {
  it('is listed once something stands in it or one opened it', () => {
    const at = (head: number, more: Partial<RoomMe>) => isListed({ head, me: { ...me, ...more } });
    expect(at(0, { unopened: true })).to.equal(false);
    expect(at(1, { unopened: true })).to.equal(true);
    expect(at(0, { unopened: false })).to.equal(true);
    expect(at(0, {})).to.equal(true);
  });
});
