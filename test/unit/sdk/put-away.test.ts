import { expect } from 'chai';
import { RoomSummary } from '../../../shared/sdk/summary.ts';
import { cameBack, isArchived } from '../../../shared/wire/prefs.ts';
import type { Message, Room } from '../../../shared/wire/rest.ts';
import { EMPTY_VIEW } from '../../../shared/wire/view.ts';

const message = (seq: number, by: string): Message => ({
  ...{ room: 'r', seq, id: `m${seq}`, kind: 'text', text: 'x', rev: seq, at: '2026-11-22T08:00:00.000Z' },
  sender: { id: by, username: by, displayName: by },
});
const room = (last: Message, archivedSeq: number): Room => ({
  ...{ id: 'r', type: 'group', name: 'Plans', public: false, v: 1, members: 3 },
  ...{ head: last.seq, lastMessage: last },
  me: {
    ...{ role: 'member', readSeq: 2, unread: 3, mentions: 0, notify: 'all', favourite: false },
    archivedSeq,
  },
});

describe('a room in the archive, with something of it unread', () => {
  let stale = 0;
  let summary: RoomSummary;
  beforeEach(() => {
    stale = 0;
    summary = new RoomSummary({
      ...{ me: () => 'me', blocked: () => new Set(['rude']), view: () => EMPTY_VIEW },
      ...{ onChange: () => undefined, onStale: () => (stale += 1), onBehind: () => undefined },
    });
    summary.adopt(room(message(5, 'other'), 5));
    stale = 0;
  });
  const now = (): Room => summary.info.get()!;

  it('stays when somebody blocked writes, and the server is asked whether that was all', () => {
    for (const seq of [6, 7]) summary.note(message(seq, 'rude'));
    expect([isArchived(now()), cameBack(now())]).to.deep.equal([true, false]);
    expect(now().lastMessage?.seq).to.equal(7);
    expect(stale).to.equal(2);
  });

  it('stays when an answer comes that is older than what was heard', () => {
    summary.note(message(6, 'rude'));
    summary.adopt(room(message(5, 'other'), 5));
    expect(isArchived(now())).to.equal(true);
  });

  it('comes back when the server knows of more than was heard, is taken out elsewhere, or another writes', () => {
    summary.note(message(7, 'rude'));
    summary.adopt(room(message(7, 'rude'), 5));
    expect(isArchived(now())).to.equal(false);
    summary.adopt(room(message(7, 'rude'), 7));
    summary.onPrefs({ archivedSeq: 0 });
    expect(isArchived(now())).to.equal(false);
    summary.adopt(room(message(7, 'rude'), 7));
    summary.note(message(8, 'other'));
    expect(cameBack(now())).to.equal(true);
    summary.note(message(9, 'rude'));
    expect(cameBack(now()), 'whatever is said behind it').to.equal(true);
  });
});
