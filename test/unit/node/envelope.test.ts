import { expect } from 'chai';
import fc from 'fast-check';
import { decodeEnvelope, eachLog, encodeLogs, Kind, type LogFrame } from '../../../shared/node/envelope.ts';

const ROOM = '0123456789abcdef01234567';
const frame = fc.record({
  seq: fc.nat({ max: 2 ** 47 }),
  frame: fc.string({ unit: 'grapheme', maxLength: 40 }),
});

const decoded = (bytes: Buffer): LogFrame[] => {
  const envelope = decodeEnvelope(bytes)!;
  expect(envelope.room).to.equal(ROOM);
  const frames: LogFrame[] = [];
  const isWhole = eachLog(envelope, (seq, text) => frames.push({ seq, frame: text.toString() }));
  expect(isWhole).to.equal(true);
  return frames;
};

describe('frames of one room on the bus', () => {
  it('come out as they went in, in order, and one alone as before', () => {
    fc.assert(
      fc.property(fc.array(frame, { minLength: 1, maxLength: 150 }), (frames) => {
        const all = [...encodeLogs(ROOM, frames)];
        expect(all.flatMap((one) => one.frames)).to.deep.equal(frames);
        for (const { bytes, frames: some } of all) {
          expect(decoded(bytes)).to.deep.equal(some);
          expect(some.length).to.be.within(1, 64);
          if (some.length === 1) expect(decodeEnvelope(bytes)!.kind).to.equal(Kind.log);
        }
      }),
    );
  });

  it('travel in pieces of a bounded size, but a long one alone', () => {
    const frames = Array.from({ length: 10 }, (_, i) => ({ seq: i + 1, frame: 'x'.repeat(48_000) }));
    const sizes = [...encodeLogs(ROOM, frames)].map(({ bytes }) => bytes.length);
    expect(sizes).to.have.length(5);
    expect(Math.max(...sizes)).to.be.lessThan(129 * 1_024);
    expect([...encodeLogs(ROOM, [{ seq: 1, frame: 'x'.repeat(500_000) }])]).to.have.length(1);
  });

  it('that are cut short or too long are not whole', () => {
    const [one] = [
      ...encodeLogs(
        ROOM,
        [1, 2, 3].map((seq) => ({ seq, frame: `frame ${seq}` })),
      ),
    ];
    for (let cut = 19; cut < one!.bytes.length; cut++)
      expect(eachLog(decodeEnvelope(one!.bytes.subarray(0, cut))!, () => undefined)).to.equal(false);
    const longer = Buffer.concat([one!.bytes, Buffer.from('x')]);
    expect(eachLog(decodeEnvelope(longer)!, () => undefined)).to.equal(false);
  });
});
