import { Writable } from 'node:stream';
import { expect } from 'chai';
import { pino } from 'pino';
import { Journal, type Note } from '../../../shared/node/journal.ts';

type Line = Readonly<Record<string, unknown>>;

/** A journal at a clock that stands, and the lines it logged. */
function setup(time = '2026-03-01T08:00:03.400Z') {
  const lines: Line[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(JSON.parse(chunk.toString('utf8')) as Line);
      done();
    },
  });
  return { journal: new Journal(pino({}, stream), () => Date.parse(time)), lines };
}

describe('the journal of numbers', () => {
  it('logs one line a second, with what was done to which numbers of each room', () => {
    const { journal, lines } = setup();
    for (const seq of [1, 2, 3]) {
      journal.note('r1', 'stored', seq);
      journal.note('r1', 'published', seq);
    }
    journal.note('r1', 'rest', 1);
    journal.note('r1', 'socket gateway-1', 2, 3);
    journal.note('r2', 'stored', 7);
    journal.flush();
    expect(lines).to.have.length(1);
    expect(lines[0]).to.deep.include({
      level: 30,
      msg: 'numbers',
      second: '2026-03-01T08:00:03.000Z',
      rooms: {
        r1: { did: { stored: '1-3', published: '1-3', rest: '1', 'socket gateway-1': '2-3' } },
        r2: { did: { stored: '7' } },
      },
    });
  });

  it('logs how many sockets were reached', () => {
    const { journal, lines } = setup();
    (journal.note('r1', 'live', 4) as Note).sockets = 12;
    journal.note('r1', 'live', 5);
    journal.flush();
    expect(lines[0]).to.deep.include({ rooms: { r1: { did: { live: '4-5' }, sockets: { live: 12 } } } });
  });

  it('logs nothing when nothing was done', () => {
    const { journal, lines } = setup();
    journal.flush();
    journal.note('r1', 'stored', 1);
    journal.flush();
    journal.flush();
    expect(lines).to.have.length(1);
  });

  it('logs by itself when the second is over', async () => {
    const { journal, lines } = setup('2026-03-01T08:00:03.990Z');
    journal.note('r1', 'stored', 1);
    const waiting = setInterval(() => undefined, 1_000); // its own timer keeps no process alive
    while (lines.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    clearInterval(waiting);
    expect(lines).to.have.length(1);
  });

  it('counts what it cannot list, in rooms beyond its limit and with marks beyond theirs', () => {
    const { journal, lines } = setup();
    for (let room = 0; room < 1_000; room++) journal.note(`r${room}`, 'live', 1);
    for (let gateway = 0; gateway < 100; gateway++) journal.note('r0', `socket g${gateway}`, 1);
    journal.flush();
    // Lines short enough for container logs.
    expect(lines).to.have.length(5);
    expect(lines.slice(0, 4).map(({ rooms }) => Object.keys(rooms as object).length)).to.deep.equal([
      50, 50, 50, 50,
    ]);
    expect(lines.at(-1)).to.include({ unlisted: 800 + 37, second: '2026-03-01T08:00:03.000Z' });
  });
});
