import { expect } from 'chai';
import { Cursors } from '../../../shared/sdk/cursors.ts';
import { DEFAULT_TIMING } from '../../../shared/sdk/timing.ts';
import type { ClientFrame } from '../../../shared/wire/protocol.ts';

describe('cursors of a page that rests or goes', () => {
  const make = (ready = true) => {
    const sent: ClientFrame[] = [];
    const called: (readonly [string, number])[] = [];
    const cursors = new Cursors({
      timing: DEFAULT_TIMING,
      warn: () => undefined,
      send: (frame) => {
        if (ready) sent.push(frame);
        return ready;
      },
      api: {
        markRead: (room, seq) => {
          called.push([room, seq]);
          return Promise.resolve();
        },
      },
    });
    return { sent, called, cursors };
  };

  it('are told without the rest of their wait, each once', () => {
    const { sent, called, cursors } = make();
    cursors.read('a', 3);
    cursors.hurry();
    cursors.hurry();
    expect(sent).to.deep.equal([{ type: 'read', room: 'a', seq: 3 }]);
    expect(called).to.deep.equal([]);
    cursors.clear();
  });

  it('go by a call as well when the page goes, also what the socket was told a moment ago', () => {
    const { sent, called, cursors } = make();
    cursors.read('a', 3);
    cursors.hurry();
    cursors.read('b', 7);
    cursors.part();
    expect(sent.map((frame) => 'room' in frame && frame.room)).to.deep.equal(['a', 'b']);
    expect(called).to.deep.equal([
      ['a', 3],
      ['b', 7],
    ]);
    cursors.clear();
  });

  it('go by a call without a socket, and by no more than ten of them', () => {
    const { sent, called, cursors } = make(false);
    for (let n = 1; n <= 30; n += 1) cursors.read(`room ${n}`, n);
    cursors.part();
    expect(sent).to.deep.equal([]);
    expect(called).to.have.lengthOf(10);
    expect(called.at(-1)).to.deep.equal(['room 30', 30]);
    cursors.clear();
  });
});
