import { expect } from 'chai';
import { HIDDEN, isHidden, shownExcerpt } from '../../../client/src/lib/chat/hidden.ts';
import { deserving } from '../../../client/src/lib/chat/alerts.ts';
import { preview } from '../../../client/src/lib/chat/names.ts';
import type { Message, Room } from '../../../shared/wire/rest.ts';

const BOB = { id: 'bob', username: 'bob', displayName: 'Bob' };
const CAT = { id: 'cat', username: 'cat', displayName: 'Cat' };
const message = (more: Partial<Message> = {}): Message => ({
  ...{ room: 'r', seq: 2, id: 'm2', kind: 'text', sender: BOB, text: 'rude words', rev: 2 },
  at: '2026-03-01T08:00:00.000Z',
  ...more,
});
const room = (lastMessage: Message): Room => ({
  ...{ id: 'r', type: 'group', name: 'Garden', public: false, v: 1, head: 2, members: 3, lastMessage },
  me: { role: 'member', readSeq: 0, unread: 1, mentions: 0, notify: 'all', favourite: false },
});
const blocked = new Set(['bob']);

describe('what a blocked person wrote', () => {
  it('stands nowhere in clear, also where another forwarded it', () => {
    expect(isHidden(message(), blocked)).to.equal(true);
    expect(isHidden(message({ sender: CAT, forwardedFrom: { sender: BOB } }), blocked)).to.equal(true);
    expect(shownExcerpt(message(), blocked)).to.equal(HIDDEN);
    expect(preview(room(message()), 'me', blocked)).to.deep.equal({ text: HIDDEN });
  });

  it('is shown of everybody else, and after unblocking', () => {
    expect(isHidden(message({ sender: CAT }), blocked)).to.equal(false);
    expect(shownExcerpt(message(), new Set())).to.equal('rude words');
    expect(preview(room(message()), 'me')).to.deep.equal({ by: 'Bob', text: 'rude words' });
  });

  it('leaves notices and what was deleted as they are', () => {
    expect(isHidden(message({ kind: 'notice' }), blocked)).to.equal(false);
    expect(shownExcerpt(message({ text: '', deletedAt: '2026-03-01T08:00:00.000Z' }), blocked)).to.equal(
      'Message deleted',
    );
  });

  it('notifies of nothing', () => {
    const news = message({ mentions: ['me'] });
    const listener = { me: 'me', now: 0, thread: () => undefined };
    expect(deserving(room(news), [news], { ...listener, blocked })).to.deep.equal([]);
    expect(deserving(room(news), [news], { ...listener, blocked: new Set() })).to.have.length(1);
  });
});
