import { expect } from 'chai';
import { noticeWords } from '../../../client/src/lib/chat/notices.ts';
import { preview } from '../../../client/src/lib/chat/names.ts';
import type { Message, NoticeEvent, Room } from '../../../shared/wire/rest.ts';

const ZOE = { id: 'zoe', username: 'zoe', displayName: 'Zoë' };
const notice = (event: NoticeEvent, text: string): Message => ({
  ...{ room: 'r', seq: 2, id: 'm2', kind: 'notice', sender: ZOE, text, rev: 2, event },
  at: '2026-03-01T08:00:00.000Z',
});
const nobody = (): undefined => undefined;
const names: Record<string, string> = { maya: 'Maya', bob: 'Bob', sarah: 'שרה' };
const known = (user: string): string | undefined => names[user];

describe('the names in a notice', () => {
  it('say You, also of somebody who is out and known by no name any more', () => {
    const removed = notice({ name: 'removed', users: ['maya'] }, 'Zoë removed Maya');
    expect(noticeWords(removed, 'zoe', nobody)).to.equal('You removed Maya');
    expect(noticeWords(removed, 'bob', nobody)).to.equal('Zoë removed Maya');
    expect(noticeWords(removed, 'maya', nobody)).to.equal('Zoë removed you');
    const many = notice({ name: 'added', users: ['maya', 'x'] }, 'Zoë added Maya, Xi');
    expect(noticeWords(many, 'zoe', known)).to.equal('You added Maya, Xi');
    const role = notice({ name: 'role', users: ['gone'], value: 'admin' }, 'Zoë made Tom an admin');
    expect(noticeWords(role, 'zoe', nobody)).to.equal('You made Tom an admin');
    const pinned = notice({ name: 'pinned', value: '4' }, 'Zoë pinned a message');
    expect(noticeWords(pinned, 'zoe', nobody)).to.equal('You pinned a message');
  });

  it('tell whose link somebody came by', () => {
    const joined = notice(
      { name: 'joined', users: ['zoe', 'bob'], value: 'invite' },
      'Zoë joined by an invite link of Bob',
    );
    expect(noticeWords(joined, 'bob', known)).to.equal('Zoë joined by your invite link');
    expect(noticeWords(joined, 'zoe', nobody)).to.equal('You joined by an invite link of Bob');
  });

  it('keep a name of the other direction together', () => {
    const added = notice({ name: 'added', users: ['sarah', 'bob'] }, 'Zoë added שרה, Bob');
    expect(noticeWords(added, 'zoe', known)).to.equal('You added \u2068שרה\u2069 and Bob');
  });

  it('are the server’s own for news of a later version', () => {
    const later = notice({ name: 'moved' as 'left' }, 'Zoë moved the room');
    expect(noticeWords(later, 'zoe', known)).to.equal('Zoë moved the room');
  });

  it('are the same in the room list', () => {
    const room: Room = {
      ...{ id: 'r', type: 'group', name: 'Garden', public: false, v: 1, head: 2, members: 3 },
      me: { role: 'member', readSeq: 0, unread: 0, mentions: 0, notify: 'all', favourite: false },
      lastMessage: notice({ name: 'removed', users: ['maya'] }, 'Zoë removed Maya'),
    };
    expect(preview(room, 'zoe').text).to.equal('You removed Maya');
  });
});
