import { expect } from 'chai';
import { checkFrame, takeComplaints } from '../../support/frame-check.ts';

describe('the check of frames that tests see', () => {
  it('lets pass what docs/asyncapi.yaml has', () => {
    checkFrame('toClient', { type: 'beat', rooms: { ['a'.repeat(24)]: 7 } });
    checkFrame('fromClient', { type: 'ping' });
    expect(takeComplaints()).to.deep.equal([]);
  });

  it('notes what is wrong, which fails the test that saw it', () => {
    checkFrame('toClient', { type: 'pong', at: 1 });
    expect(takeComplaints()).to.deep.equal(['pong frame: it: has an unknown field at']);
    expect(takeComplaints()).to.deep.equal([]);
  });
});
