import { expect } from 'chai';
import { lastReply } from '../../../client/src/lib/chat/threads.ts';

describe('the line of a thread', () => {
  it('says when the last reply came', () => {
    expect(lastReply('now')).to.equal('last reply just now');
    expect(lastReply('5 min')).to.equal('last reply 5 min ago');
    expect(lastReply('10:32')).to.equal('last reply 10:32');
  });
});
