import { expect } from 'chai';
import fc from 'fast-check';
import { DIALECTS } from '../../../bench/client/dialects.ts';
import { wholeAnswer } from '../../../bench/client/http-connection.ts';
import { markOf, readMark } from '../../../bench/client/marker.ts';
import { runSchedule } from '../../../bench/publish/schedule.ts';
import { Texts } from '../../../bench/publish/text.ts';
import { messageOf } from '../../../bench/systems/message.ts';

describe('the mark in a message', () => {
  it('is found in any frame it stands in', () => {
    const numbers = { room: fc.nat(9_999), seq: fc.nat(), micros: fc.nat(Number.MAX_SAFE_INTEGER) };
    fc.assert(
      fc.property(fc.record(numbers), fc.string(), (mark, before) => {
        const head = before.replaceAll('~', '-');
        const bytes = Buffer.from(`${head}${markOf(mark)} text`);
        expect(readMark(bytes, 0, bytes.length)).to.deep.equal(mark);
      }),
    );
  });

  it('is not looked for behind the frame', () => {
    const bytes = Buffer.from(`one frame${markOf({ room: 1, seq: 2, micros: 3 })}`);
    expect(readMark(bytes, 0, 'one frame'.length)).to.equal(undefined);
  });

  it('is not there when it is cut', () => {
    const bytes = Buffer.from('~~1 2 3');
    expect(readMark(bytes, 0, bytes.length)).to.equal(undefined);
  });
});

describe('a dialect', () => {
  const message = JSON.stringify(messageOf({ room: 'r', seq: 1, text: 'hello' }));
  const frames = {
    parley: `{"type":"message",${message.slice(1)}`,
    'socket-io': `42["message",${message}]`,
    'bare-ws': `{"type":"message",${message.slice(1)}`,
  };
  const others = {
    parley: ['{"type":"ready","rooms":{}}', '{"type":"beat"}', '{"type":"read"}', ''],
    'socket-io': ['42["ready"]', '0{"sid":"42m"}', '2', ''],
    'bare-ws': ['{"type":"ready"}', ''],
  };
  for (const name of ['parley', 'socket-io', 'bare-ws'] as const)
    it(`tells messages of ${name} from its other frames`, () => {
      const isMessage = (text: string): boolean => DIALECTS[name].isMessage(Buffer.from(text), 0);
      expect(isMessage(frames[name])).to.equal(true);
      expect(others[name].filter(isMessage)).to.deep.equal([]);
    });

  it('of Socket.IO connects with the token and answers pings', () => {
    const { answer } = DIALECTS['socket-io'];
    expect(answer('0{"sid":"x"}', 'secret')).to.equal('40{"token":"secret"}');
    expect(answer('2', 'secret')).to.equal('3');
    expect(answer('40{"sid":"y"}', 'secret')).to.equal(undefined);
  });
});

describe('an HTTP answer', () => {
  const head = 'HTTP/1.1 201 Created\r\nX-Other: 1\r\nContent-Length: 5\r\n\r\n';

  it('is whole with the last byte of its body', () => {
    const bytes = Buffer.from(`${head}12345`);
    for (let length = 0; length < bytes.length; length++)
      expect(wholeAnswer(bytes.subarray(0, length))).to.equal(undefined);
    expect(wholeAnswer(bytes)).to.equal(201);
  });

  it('may have no body', () => {
    expect(wholeAnswer(Buffer.from('HTTP/1.1 204 No Content\r\n\r\n'))).to.equal(204);
  });
});

describe('the schedule of messages', () => {
  it('gives each its intended time, evenly spaced, and none twice', async () => {
    const due: number[] = [];
    const count = await runSchedule({ rate: 1_000, seconds: 0.05 }, (index, micros) => {
      expect(index).to.equal(due.length);
      due.push(micros);
    });
    expect(count).to.equal(50);
    expect(due).to.have.length(50);
    for (const [i, micros] of due.entries()) expect(micros - due[0]!).to.be.closeTo(i * 1_000, 1);
  });
});

describe('texts', () => {
  it('are the same each time, and vary', () => {
    const texts = new Texts();
    const some = Array.from({ length: 100 }, () => texts.next());
    const again = new Texts();
    expect(some.map(() => again.next())).to.deep.equal(some);
    expect(new Set(some).size).to.equal(100);
  });
});
