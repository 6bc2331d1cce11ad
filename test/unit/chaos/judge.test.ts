import { expect } from 'chai';
import { judge } from '../../chaos/judge/index.ts';
import { ack, GOOD, kinds, read, row, send, stored, view } from './evidence.ts';

describe('the chaos judge', () => {
  it('is content with a good history', () => {
    expect(judge(GOOD)).to.deep.equal([]);
  });
  it('bears an unacknowledged send that is stored once, or not at all', () => {
    expect(kinds({ acks: [ack(1)] })).to.deep.equal([]);
    expect(kinds({ acks: [ack(1)], ...stored([row(1), row(3)]) })).to.deep.equal([]);
  });
  it('catches a lost message', () => {
    expect(kinds(stored([row(1), row(3)]))).to.deep.equal(['lost']);
  });
  it('catches a message stored twice', () => {
    const again = row(4, 2, { id: 'another' });
    expect(kinds(stored([row(1), row(2), row(3), again]))).to.include('doubled');
  });
  it('catches a message that stands twice in a view', () => {
    expect(kinds({ views: [view([row(1), row(2), row(2), row(3)])] })).to.include('doubled');
  });
  it('catches an order that is not the room’s', () => {
    expect(kinds({ views: [view([row(2), row(1), row(3)])] })).to.include('view-order');
    const other = [row(1), row(2, 3), row(3, 2)];
    expect(kinds({ views: [view(other)] })).to.include('view-extra');
  });
  it('catches what nobody sent', () => {
    expect(kinds(stored([row(1), row(2), row(3), row(4)]))).to.deep.equal(['invented']);
  });
  it('catches another text, and another place than was acknowledged, be it by one of two acks', () => {
    expect(kinds(stored([row(1), row(2, 2, { text: 'other' }), row(3)]))).to.include('altered');
    expect(kinds({ acks: [ack(1), ack(2, 7)] })).to.deep.equal(['moved']);
    expect(kinds({ acks: [ack(1), ack(1), ack(1, 2)] })).to.deep.equal(['moved']);
  });
  it('catches a view that lacks a message or holds one more', () => {
    expect(kinds({ views: [view([row(1), row(3)], { unread: 3 })] })).to.deep.equal(['view-lacks']);
    expect(kinds({ views: [view([row(1), row(2), row(3), row(4)], { unread: 3 })] })).to.deep.equal([
      'view-extra',
    ]);
  });
  it('judges a view only from where it was loaded', () => {
    expect(kinds({ views: [view([row(2), row(3)], { from: 2, unread: 3 })] })).to.deep.equal([]);
    expect(kinds({ views: [view([row(3)], { from: 2, unread: 3 })] })).to.deep.equal(['view-lacks']);
  });
  it('catches API nodes that do not agree', () => {
    expect(kinds({ reads: [read([row(1), row(2), row(3)]), read([row(1), row(3)], 'api-2')] })).to.deep.equal(
      ['reads-differ'],
    );
  });
  it('catches a sender’s messages out of their order', () => {
    expect(kinds({ ...stored([row(1, 2), row(2, 1), row(3)]), acks: [] })).to.deep.equal(['sender-order']);
  });
  it('catches a refusal of a member, whether the message is there or not, but not of one who left', () => {
    const refusal = { room: 'r', sender: 'ann', clientId: 'c3', code: 'forbidden' };
    const others = { acks: [ack(1), ack(2)], refusals: [refusal] };
    expect(kinds({ ...others, ...stored([row(1), row(2)]) })).to.deep.equal(['refused-member']);
    const outside = { sends: [send(1), send(2), send(3, { isMember: false })] };
    expect(kinds(others)).to.deep.equal(['refused-member', 'refused-yet-kept']);
    expect(kinds({ ...others, ...outside })).to.deep.equal([]);
    expect(kinds({ ...others, ...outside, ...stored([row(1), row(2)]) })).to.deep.equal([]);
  });
  it('catches a wrong count of unread messages, up to a hundred', () => {
    expect(kinds({ unread: [{ user: 'bob', room: 'r', readSeq: 1, unread: 3 }] })).to.deep.equal(['unread']);
    expect(kinds({ unread: [{ user: 'ann', room: 'r', readSeq: 0, unread: 0 }] })).to.deep.equal([]);
    expect(kinds({ views: [view([row(1), row(2), row(3)], { unread: 1 })] })).to.deep.equal(['unread']);
  });
  it('catches a queued message that was neither stored nor refused', () => {
    const sends = [...GOOD.sends, send(4, { isQueued: true })];
    expect(kinds({ sends })).to.deep.equal(['swallowed']);
  });
  it('catches messages that still wait and devices that gave up', () => {
    expect(kinds({ views: [view([row(1), row(2), row(3)], { waiting: 1 })] })).to.deep.equal(['waiting']);
    expect(kinds({ stopped: [{ device: 'd', reason: 'signed out' }] })).to.deep.equal(['stopped']);
  });
});
