import { expect } from 'chai';
import { alertsIn, heard } from '../../../client/src/lib/chat/alerts.ts';
import type { Message, Notify, Room } from '../../../shared/wire/rest.ts';

const ANN = { id: 'ann', username: 'ann', displayName: 'Ann' };
const message = (seq: number, more: Partial<Message> = {}): Message => ({
  ...{ room: 'r', seq, id: `m${seq}`, kind: 'text', sender: ANN, text: `text ${seq}` },
  ...{ at: '2026-03-01T08:00:00.000Z', rev: seq },
  ...more,
});
function room(lastMessage: Message | undefined, notify: Notify = 'all', more: Partial<Room> = {}): Room {
  const me = { role: 'member', readSeq: 0, unread: 1, mentions: 0, notify, favourite: false } as const;
  return {
    ...{ id: 'r', type: 'group', name: 'Garden', public: false, v: 1, head: 9, members: 3, me },
    ...(lastMessage === undefined ? {} : { lastMessage }),
    ...more,
  };
}
const told = heard([room(message(1))]);
const news = (now: Room) => alertsIn([now], told, 'me');

describe('notifications', () => {
  it('tell who wrote what where', () => {
    expect(news(room(message(2)))).to.deep.equal([{ room: 'r', title: 'Ann in Garden', text: 'text 2' }]);
    const dm = room(message(2), 'all', { type: 'dm', peer: ANN });
    expect(news(dm)[0]?.title).to.equal('Ann');
  });

  it('tell nothing of what was there, of rooms just entered, and of what was read elsewhere', () => {
    expect(news(room(message(1)))).to.deep.equal([]);
    expect(news({ ...room(message(5)), id: 'new' })).to.deep.equal([]);
    const read = room(message(2));
    expect(news({ ...read, me: { ...read.me, readSeq: 2 } })).to.deep.equal([]);
  });

  it('tell nothing of oneself, of notices and of what is deleted', () => {
    expect(news(room(message(2, { sender: { ...ANN, id: 'me' } })))).to.deep.equal([]);
    expect(news(room(message(2, { kind: 'notice' })))).to.deep.equal([]);
    expect(news(room(message(2, { deletedAt: '2026-03-01T08:00:00.000Z' })))).to.deep.equal([]);
  });

  it('keep to the room’s own setting', () => {
    const mine = message(2, { mentions: ['me'] });
    expect(news(room(message(2), 'mentions'))).to.deep.equal([]);
    expect(news(room(mine, 'mentions'))).to.have.length(1);
    expect(news(room(message(2, { mentions: ['room'] }), 'mentions'))).to.have.length(1);
    expect(news(room(mine, 'none'))).to.deep.equal([]);
  });
});
