import { expect } from 'chai';
import { alertOf, deserving, unheardAlert, type Alert } from '../../../client/src/lib/chat/alerts.ts';
import type { Message, Notify, Room, ThreadInfo } from '../../../shared/wire/rest.ts';

const ANN = { id: 'ann', username: 'ann', displayName: 'Ann' };
const message = (seq: number, more: Partial<Message> = {}): Message => ({
  ...{ room: 'r', seq, id: `m${seq}`, kind: 'text', sender: ANN, text: `text ${seq}` },
  ...{ at: '2026-03-01T08:00:00.000Z', rev: seq },
  ...more,
});
function room(notify: Notify = 'all', more: Partial<Room> = {}): Room {
  const me = { role: 'member', readSeq: 1, unread: 1, mentions: 0, notify, favourite: false } as const;
  return {
    ...{ id: 'r', type: 'group', name: 'Garden', public: false, v: 1, head: 9, members: 3, me },
    ...more,
  };
}
const followed = (root: number, more: Partial<ThreadInfo> = {}): ThreadInfo => ({
  ...{ room: 'r', message: message(root), following: true, readSeq: root, unread: 1 },
  ...more,
});
const NOW = Date.parse('2026-03-01T08:00:00.000Z');
function told(
  of: Room,
  messages: readonly Message[],
  threads: readonly ThreadInfo[] = [],
): Alert | undefined {
  const thread = (_room: string, root: number) => threads.find((one) => one.message.seq === root);
  const listener = { me: 'me', now: NOW, blocked: new Set<string>(), thread };
  return alertOf(of, deserving(of, messages, listener), 'me');
}
const textOf = (...args: Parameters<typeof told>): string | undefined => told(...args)?.text;

describe('notifications', () => {
  it('tell who wrote what where', () => {
    expect(told(room(), [message(2)])).to.deep.equal({
      ...{ room: 'r', title: 'Ann in Garden', text: 'text 2', isMention: false },
    });
    const dm = room('all', { type: 'dm', peer: ANN });
    expect(told(dm, [message(2)])?.title).to.equal('Ann');
    expect(textOf(room(), [message(2, { text: '' })])).to.equal('Sent a file');
  });

  it('tell nothing of what was read elsewhere, of oneself, of notices and of what is deleted', () => {
    expect(told(room(), [message(1)])).to.equal(undefined);
    expect(told(room(), [message(2, { sender: { ...ANN, id: 'me' } })])).to.equal(undefined);
    expect(told(room(), [message(2, { kind: 'notice' })])).to.equal(undefined);
    expect(told(room(), [message(2, { deletedAt: '2026-03-01T08:00:00.000Z' })])).to.equal(undefined);
  });

  it('weigh everything that came, and tell of the newest mention before the newest message', () => {
    const mine = message(2, { mentions: ['me'] });
    const later = message(4, { mentions: ['room'] });
    expect(textOf(room(), [message(2), message(3)])).to.equal('text 3');
    expect(textOf(room(), [mine, message(3)])).to.equal('text 2');
    expect(textOf(room('mentions'), [mine, message(3)])).to.equal('text 2');
    expect(textOf(room('mentions'), [mine, message(3), later, message(5)])).to.equal('text 4');
  });

  it('keep to the room’s own setting', () => {
    const mine = message(2, { mentions: ['me'] });
    expect(told(room('mentions'), [message(2), message(3)])).to.equal(undefined);
    expect(told(room('mentions'), [mine])?.isMention).to.equal(true);
    expect(told(room('none'), [mine])).to.equal(undefined);
  });

  it('tell of a reply who follows the thread or is named in it, and nobody else', () => {
    const reply = message(3, { thread: 2 });
    const named = message(3, { thread: 2, mentions: ['me'] });
    expect(told(room(), [reply])).to.equal(undefined);
    expect(told(room(), [reply], [followed(2, { following: false })])).to.equal(undefined);
    expect(textOf(room(), [reply], [followed(2)])).to.equal('text 3');
    expect(told(room('mentions'), [reply], [followed(2)])).to.equal(undefined);
    expect(textOf(room('mentions'), [named])).to.equal('text 3');
    expect(textOf(room(), [message(2), reply])).to.equal('text 2');
  });

  it('take a reply for read where its thread was read, not where the room was', () => {
    const reply = message(3, { thread: 2 });
    const all = room();
    expect(textOf({ ...all, me: { ...all.me, readSeq: 3 } }, [reply], [followed(2)])).to.equal('text 3');
    expect(told(all, [reply], [followed(2, { readSeq: 3 })])).to.equal(undefined);
  });

  it('tell nothing of a room that is muted for a time, until that is over', () => {
    const mine = [message(2, { mentions: ['me'] })];
    const until = (at: number): Room => {
      const { me, ...rest } = room();
      return { ...rest, me: { ...me, mutedUntil: new Date(at).toISOString() } };
    };
    expect(told(until(NOW + 1), mine)).to.equal(undefined);
    expect(textOf(until(NOW - 1), mine)).to.equal('text 2');
    expect(unheardAlert(until(NOW + 1), { me: 'me', now: NOW })).to.equal(undefined);
  });

  it('say that one was mentioned where the message itself is not here', () => {
    expect(unheardAlert(room('mentions'), { me: 'me', now: NOW })).to.include({
      ...{ title: 'Garden', text: 'You were mentioned', isMention: true },
    });
    expect(unheardAlert(room('none'), { me: 'me', now: NOW })).to.equal(undefined);
  });
});
