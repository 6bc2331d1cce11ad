import { expect } from 'chai';
import fc from 'fast-check';
import { decodeStamp, encodeStamp, textOf } from '../../../load/stamp.ts';
import { keyOf, MessageReader } from '../../../load/worker/message-reader.ts';
import { encodeFrame } from '../../../shared/wire/protocol.ts';
import type { Message } from '../../../shared/wire/rest.ts';

const RUN = 'a1b2c3';
const hex = fc
  .array(fc.constantFrom(...'0123456789abcdef'), { minLength: 24, maxLength: 24 })
  .map((d) => d.join(''));
const stamp = fc.record({
  lane: fc.nat(60_000),
  n: fc.integer({ min: 1, max: 2_000_000_000 }),
  at: fc.double({ min: 0, max: 1e10, noNaN: true }).map((ms) => Math.round(ms * 100) / 100),
});
const message = (fields: Partial<Message>): Message => ({
  ...{
    room: '0'.repeat(24),
    seq: 1,
    id: 'f'.repeat(24),
    kind: 'text',
    text: 'hi',
    at: '2026-01-01T00:00:00Z',
  },
  ...{ rev: 1, sender: { id: 'e'.repeat(24), username: 'anna', displayName: 'Anna "the" one' } },
  ...fields,
});

function read(text: string): MessageReader | undefined {
  const reader = new MessageReader(RUN);
  const bytes = Buffer.from(`xx${text}yy`);
  return reader.read(bytes, 2, bytes.length - 2) ? reader : undefined;
}

describe('MessageReader', () => {
  it('reads room, number and stamp of any message of its run, wherever the clientId stands', () => {
    const place = fc.constantFrom('front', 'middle', 'end');
    fc.assert(
      fc.property(
        hex,
        fc.integer({ min: 1, max: 2 ** 47 }),
        stamp,
        fc.string(),
        place,
        (room, seq, sent, text, at) => {
          const { id, kind, sender } = message({});
          const named = { clientId: encodeStamp(RUN, sent) };
          const found = read(
            JSON.stringify({
              ...{ type: 'message', room, seq, id, ...(at === 'front' ? named : {}), kind, sender, text },
              ...(at === 'middle'
                ? { ...named, rev: seq, replyTo: 3 }
                : at === 'end'
                  ? { rev: seq, ...named }
                  : {}),
            }),
          );
          expect(found).to.include({ room: keyOf(room), seq, lane: sent.lane, n: sent.n });
          expect(found?.at).to.be.closeTo(sent.at, 0.011);
        },
      ),
    );
  });

  it('is not deceived by a text that looks like a clientId', () => {
    const { id, kind, sender, room } = message({});
    const text = `"clientId":"${encodeStamp(RUN, { lane: 9, n: 9, at: 9 })}"`;
    expect(read(JSON.stringify({ type: 'message', room, seq: 1, id, kind, sender, text }))?.lane).to.equal(
      -1,
    );
  });

  it("takes a message of another run, of no run or without a clientId for somebody else's", () => {
    const of = (clientId: string | undefined): number | undefined => {
      const { id, ...rest } = message({});
      const frame = {
        type: 'message',
        room: rest.room,
        seq: 7,
        id,
        ...(clientId === undefined ? {} : { clientId }),
      };
      return read(JSON.stringify({ ...frame, kind: 'text', text: 'a long enough text', sender: rest.sender }))
        ?.lane;
    };
    expect(of(encodeStamp('zzzzzz', { lane: 1, n: 1, at: 1 }))).to.equal(-1);
    expect(of('0b5f0bd2-7b52-4a7b-9d5c-8f4d4f3c1b2a')).to.equal(-1);
    expect(of(undefined)).to.equal(-1);
    expect(of(encodeStamp(RUN, { lane: 5, n: 1, at: 1 }))).to.equal(5);
  });

  it('leaves to the parser what it cannot read: other frames, other orders, strange numbers', () => {
    const whole = message({ clientId: encodeStamp(RUN, { lane: 1, n: 1, at: 1 }) });
    const { room, seq, ...rest } = whole;
    expect(read(encodeFrame({ type: 'change', seq: 9, room, message: whole }))).to.equal(undefined);
    expect(read(JSON.stringify({ type: 'message', seq, room, ...rest }))).to.equal(undefined);
    expect(read(JSON.stringify({ type: 'message', room, seq: -5, ...rest }))).to.equal(undefined);
    expect(read(JSON.stringify({ type: 'message', room, seq: 1.5, ...rest }))).to.equal(undefined);
    expect(read(JSON.stringify({ type: 'pong' }))).to.equal(undefined);
  });
});

describe('the stamp of a message', () => {
  it('comes back as it was given', () => {
    fc.assert(
      fc.property(stamp, (sent) => {
        const found = decodeStamp(RUN, encodeStamp(RUN, sent));
        expect(found).to.include({ lane: sent.lane, n: sent.n });
        expect(found?.at).to.be.closeTo(sent.at, 0.011);
      }),
    );
  });

  it('is nobody else’s', () => {
    expect(decodeStamp(RUN, undefined)).to.equal(undefined);
    expect(decodeStamp(RUN, 'hello')).to.equal(undefined);
    expect(decodeStamp(RUN, encodeStamp('other1', { lane: 1, n: 1, at: 1 }))).to.equal(undefined);
  });

  it('fits in a clientId, and the text has the length asked for', () => {
    const longest = { lane: 99_999, n: 2 ** 31, at: 1e10 };
    expect(encodeStamp(RUN, longest)).to.have.length.below(41);
    expect(textOf(RUN, longest, 300)).to.have.length(300);
  });
});
