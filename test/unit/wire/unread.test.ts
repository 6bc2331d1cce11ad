import { expect } from 'chai';
import fc from 'fast-check';
import type { Message } from '../../../shared/wire/rest.ts';
import { UNREAD_CAP, unreadIn } from '../../../shared/wire/unread.ts';
import { applyPage, beginLoad, EMPTY_VIEW, type RoomView } from '../../../shared/wire/view.ts';
import { textMessage } from './log-model.ts';

const me = { id: 'me', username: 'me', displayName: 'Me' };
const fields = fc.constantFrom<Partial<Message>>(
  {},
  { sender: me },
  { kind: 'notice' },
  { thread: 1 },
  { deletedAt: '2026-11-21T00:00:00.000Z' },
  { mentions: ['me'] },
  { mentions: ['room'] },
  { mentions: ['other'] },
);

const view = (messages: readonly Message[], from = 1): RoomView => {
  const head = messages.at(-1)?.seq ?? 0;
  const complete = head === 0 ? ([1, 0] as const) : ([from, head] as const);
  return applyPage(beginLoad(EMPTY_VIEW), { messages, head, complete });
};

describe('unreadIn', () => {
  it('counts text of others above the cursor, outside threads, not deleted, up to the cap', () => {
    fc.assert(
      fc.property(fc.array(fields, { maxLength: 150 }), fc.nat({ max: 150 }), (list, readSeq) => {
        const messages = list.map((each, index) => textMessage(index + 1, each));
        const counted = messages.filter(
          (message) =>
            message.seq > readSeq &&
            message.kind === 'text' &&
            message.sender.id !== 'me' &&
            message.thread === undefined &&
            message.deletedAt === undefined,
        );
        const expected = Math.min(counted.length, UNREAD_CAP);
        expect(unreadIn(view(messages), readSeq, 'me')?.unread).to.equal(expected);
      }),
    );
  });

  it('counts mentions of oneself and of the room', () => {
    const mentions = [['me'], ['room'], ['other'], undefined];
    const messages = mentions.map((named, i) =>
      textMessage(i + 1, named === undefined ? {} : { mentions: named }),
    );
    expect(unreadIn(view(messages), 0, 'me')).to.deep.equal({ unread: 4, mentions: 2 });
    const sender = messages[0]?.sender.id ?? '';
    expect(unreadIn(view(messages), 0, 'me', new Set([sender])), 'of somebody blocked').to.deep.equal({
      unread: 0,
      mentions: 0,
    });
  });

  it('says that it does not know when the view does not reach back to the cursor', () => {
    const messages = [textMessage(10), textMessage(11)];
    expect(unreadIn(view(messages, 10), 8, 'me')).to.equal(undefined);
    expect(unreadIn(view(messages, 10), 9, 'me')).to.deep.equal({ unread: 2, mentions: 0 });
    expect(unreadIn(EMPTY_VIEW, 0, 'me')).to.equal(undefined);
  });
});
