import { expect } from 'chai';
import { noticeWords } from '../../../client/src/lib/chat/notices.ts';
import type { Message, NoticeEvent } from '../../../shared/wire/rest.ts';

const NAMES: Readonly<Record<string, string>> = { a: 'Ann', b: 'Bob', c: 'Cleo', d: 'Dan' };
const FALLBACK = 'the server’s own words';

/** As `me` reads it; `by` did it. */
function words(event: NoticeEvent, me = 'z', by = 'a'): string {
  const message: Message = {
    room: 'r',
    seq: 1,
    id: 'm',
    kind: 'notice',
    sender: { id: by, username: by, displayName: NAMES[by] ?? by },
    text: FALLBACK,
    at: '2026-11-21T12:00:00Z',
    rev: 1,
    event: { ...event, by },
  };
  return noticeWords(message, me, (user) => NAMES[user]);
}

describe('a notice in words', () => {
  const cases: readonly (readonly [NoticeEvent, others: string, mine: string])[] = [
    [{ name: 'created', value: 'Sailing' }, 'Ann created “Sailing”', 'You created “Sailing”'],
    [{ name: 'joined', users: ['a'] }, 'Ann joined', 'You joined'],
    [
      { name: 'joined', users: ['a', 'b'], value: 'invite' },
      'Ann joined by an invite link of Bob',
      'You joined by an invite link of Bob',
    ],
    [{ name: 'left', users: ['a'] }, 'Ann left', 'You left'],
    [{ name: 'added', users: ['b'] }, 'Ann added Bob', 'You added Bob'],
    [{ name: 'added', users: ['b', 'c', 'd'] }, 'Ann added Bob, Cleo and Dan', 'You added Bob, Cleo and Dan'],
    [{ name: 'removed', users: ['b'] }, 'Ann removed Bob', 'You removed Bob'],
    [{ name: 'role', users: ['b'], value: 'admin' }, 'Ann made Bob an admin', 'You made Bob an admin'],
    [{ name: 'role', users: ['b'], value: 'member' }, 'Ann made Bob a member', 'You made Bob a member'],
    [{ name: 'role', users: ['b'], value: 'owner' }, 'Ann made Bob the owner', 'You made Bob the owner'],
    [
      { name: 'renamed', value: 'Boats' },
      'Ann renamed the room to “Boats”',
      'You renamed the room to “Boats”',
    ],
    [{ name: 'topic', value: 'Wind' }, 'Ann set the topic to “Wind”', 'You set the topic to “Wind”'],
    [{ name: 'topic', value: '' }, 'Ann cleared the topic', 'You cleared the topic'],
    [
      { name: 'visibility', value: 'private' },
      'Ann made the channel private',
      'You made the channel private',
    ],
    [{ name: 'visibility', value: 'public' }, 'Ann made the channel public', 'You made the channel public'],
    [{ name: 'pinned', value: '7' }, 'Ann pinned a message', 'You pinned a message'],
  ];
  for (const [event, others, mine] of cases) {
    const what = [event.name, event.value].filter(Boolean).join(' ');
    it(`tells of ${what || event.name}, to others and to who did it`, () => {
      expect(words(event)).to.equal(others);
      expect(words(event, 'a')).to.equal(mine);
    });
  }

  it('says “you” of the reader', () => {
    expect(words({ name: 'added', users: ['b', 'c'] }, 'c')).to.equal('Ann added Bob and you');
    expect(words({ name: 'removed', users: ['b'] }, 'b')).to.equal('Ann removed you');
    expect(words({ name: 'role', users: ['b'], value: 'owner' }, 'b')).to.equal('Ann made you the owner');
    expect(words({ name: 'joined', users: ['a', 'b'], value: 'invite' }, 'b')).to.equal(
      'Ann joined by your invite link',
    );
  });
  it('is the server’s where a name is not known, where there are many, and for news of a later version', () => {
    expect(words({ name: 'added', users: ['b', 'unknown'] })).to.equal(FALLBACK);
    expect(words({ name: 'added', users: ['b', 'c', 'd', 'b', 'c', 'd'] })).to.equal(FALLBACK);
    expect(words({ name: 'joined', users: ['a', 'unknown'], value: 'invite' })).to.equal(FALLBACK);
    expect(words({ name: 'teleported' } as unknown as NoticeEvent)).to.equal(FALLBACK);
    expect(words({ name: 'toString' } as unknown as NoticeEvent)).to.equal(FALLBACK);
  });
});
