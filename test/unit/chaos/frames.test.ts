import { expect } from 'chai';
import { describeFrame } from '../../chaos/frames.ts';

const ROOM = 'a'.repeat(24);
const OTHER = 'b'.repeat(24);
const gist = (frame: object) => describeFrame(JSON.stringify(frame));

describe('describeFrame', () => {
  it('finds the room and the number of what stands in the log', () => {
    expect(gist({ type: 'message', room: ROOM, seq: 7, text: 'x' })).to.deep.equal({
      ...{ type: 'message', rooms: [ROOM], seq: 7 },
    });
    expect(gist({ type: 'change', seq: 9, room: ROOM, message: { room: ROOM, seq: 7 } }).seq).to.equal(9);
  });
  it('finds every room that a ready or a beat tells of', () => {
    expect(gist({ type: 'ready', rooms: { [ROOM]: [1, 0, 1], [OTHER]: [2, 0, 1] } }).rooms).to.have.members([
      ROOM,
      OTHER,
    ]);
    expect(gist({ type: 'beat' }).rooms).to.deep.equal([]);
  });
  it('finds the room of a room frame, and of what passes', () => {
    expect(gist({ type: 'room', room: { id: ROOM } }).rooms).to.deep.equal([ROOM]);
    expect(gist({ type: 'typing', room: ROOM, user: OTHER })).to.deep.equal({
      type: 'typing',
      rooms: [ROOM],
    });
  });
  it('is not fooled by a text, and leaves out what is told to a sender or one who is out', () => {
    const text = `"room":"${OTHER}","seq":1`;
    expect(gist({ type: 'message', text, room: ROOM, seq: 7 })).to.deep.equal({
      ...{ type: 'message', rooms: [ROOM], seq: 7 },
    });
    expect(gist({ type: 'room.removed', room: ROOM, v: 1 }).rooms).to.deep.equal([]);
    expect(gist({ type: 'ack', room: ROOM, seq: 1 }).rooms).to.deep.equal([]);
  });
});
