import { expect } from 'chai';
import fc from 'fast-check';
import * as ws from 'ws';
import { encodeFrame, Opcode } from '../../../load/socket/frame.ts';
import { FrameError, FrameParser } from '../../../load/socket/parser.ts';

const MAX_BYTES = 300_000;
/** Not in the types. */
const { Sender } = ws as unknown as {
  Sender: { frame(data: Buffer, options: object): (Buffer | string)[] };
};
const UNMASKED = { readOnly: false, mask: false, rsv1: false };

/** The frames of one message as `ws` writes them, in as many fragments as `parts`. */
function framesOf(opcode: number, parts: readonly Buffer[]): Buffer[] {
  return parts.map((part, i) => {
    const options = { ...UNMASKED, fin: i === parts.length - 1, opcode: i === 0 ? opcode : 0 };
    return Buffer.concat(Sender.frame(Buffer.from(part), options).map((piece) => Buffer.from(piece)));
  });
}

const ping = (text: string): Buffer => framesOf(Opcode.ping, [Buffer.from(text)])[0]!;
const text = (value: string): Buffer => framesOf(Opcode.text, [Buffer.from(value)])[0]!;

/** What a parser hands out for these chunks; a chunk's buffer is overwritten once it was pushed, as a shared one is. */
function parse(chunks: readonly Buffer[], maxBytes = MAX_BYTES): string[] {
  const heard: string[] = [];
  const note = (kind: string) => (bytes: Buffer, start: number, end: number) =>
    void heard.push(`${kind} ${bytes.toString('latin1', start, end)}`);
  const handler = {
    onText: note('text'),
    onBinary: note('binary'),
    onPing: note('ping'),
    onCloseFrame: (code: number, reason: string) => void heard.push(`close ${code} ${reason}`),
  };
  const parser = new FrameParser(handler, maxBytes);
  const shared = Buffer.alloc(Math.max(1, ...chunks.map(({ length }) => length)));
  for (const chunk of chunks) {
    chunk.copy(shared);
    parser.push(shared, chunk.length);
    shared.fill(0xee, 0, chunk.length);
  }
  return heard;
}

function split(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end));
}

function failure(bytes: Buffer, maxBytes = MAX_BYTES): number {
  try {
    parse([bytes], maxBytes);
  } catch (error) {
    if (error instanceof FrameError) return error.code;
    throw error;
  }
  return 0;
}

describe('FrameParser', () => {
  const size = fc.oneof(fc.integer({ min: 0, max: 200 }), fc.constantFrom(125, 126, 65_535, 65_536, 70_000));
  const message = fc.record({
    opcode: fc.constantFrom(Opcode.text, Opcode.binary),
    parts: fc.array(size, { minLength: 1, maxLength: 3 }),
    ping: fc.option(fc.string({ unit: 'grapheme-ascii', maxLength: 50 }), { nil: undefined }),
  });

  it('hands out what ws sends, however it is cut into chunks', () => {
    const messages = fc.array(message, { minLength: 1, maxLength: 6 });
    const cuts = fc.array(fc.nat(1_000_000), { maxLength: 12 });
    fc.assert(
      fc.property(messages, cuts, fc.boolean(), (sent, cutAt, bytewise) => {
        const expected: string[] = [];
        const frames: Buffer[] = [];
        for (const [i, { opcode, parts, ping: pinged }] of sent.entries()) {
          const bodies = parts.map((length, part) => Buffer.alloc(length, 97 + ((i + part) % 26)));
          const [first, ...others] = framesOf(opcode, bodies);
          frames.push(first!, ...(pinged === undefined ? [] : [ping(pinged)]), ...others);
          const whole = `${opcode === Opcode.text ? 'text' : 'binary'} ${Buffer.concat(bodies).toString()}`;
          const heard = pinged === undefined ? [] : [`ping ${pinged}`];
          expected.push(...(others.length === 0 ? [whole, ...heard] : [...heard, whole]));
        }
        const all = Buffer.concat(frames);
        const isShort = all.length < 3_000;
        const chunks = bytewise && isShort ? [...all].map((byte) => Buffer.from([byte])) : split(all, cutAt);
        expect(parse(chunks)).to.deep.equal(expected);
      }),
      { numRuns: 300 },
    );
  });

  it('tells the code and reason of a close and nothing after it', () => {
    const close = framesOf(Opcode.close, [Buffer.from([0x0f, 0xa1, ...Buffer.from('expired')])])[0]!;
    expect(parse([Buffer.concat([text('a'), close, text('b')])])).to.deep.equal([
      'text a',
      'close 4001 expired',
    ]);
    expect(parse([framesOf(Opcode.close, [Buffer.alloc(0)])[0]!])).to.deep.equal(['close 1005 ']);
  });

  it('refuses what is too long, in one frame or in fragments', () => {
    expect(failure(text('x'.repeat(301)), 300)).to.equal(1009);
    expect(failure(Buffer.concat(framesOf(1, [Buffer.alloc(200), Buffer.alloc(200)])), 300)).to.equal(1009);
    expect(failure(Buffer.from([0x81, 127, 0, 0, 1, 0, 0, 0, 0, 0]))).to.equal(1009);
    expect(failure(text('x'.repeat(300)), 300)).to.equal(0);
  });

  it('refuses what breaks the protocol', () => {
    const wrong = {
      masked: encodeFrame(Opcode.text, 'hi', 1),
      reserved: Buffer.from([0xc1, 0]),
      opcode: Buffer.from([0x83, 0]),
      control: Buffer.from([0x8b, 0]),
      'ping in parts': Buffer.from([0x09, 0]),
      'long ping': Buffer.concat([Buffer.from([0x89, 126, 0, 126]), Buffer.alloc(126)]),
      'lone continuation': Buffer.from([0x80, 0]),
      'message within a message': Buffer.from([0x01, 0, 0x81, 0]),
    };
    const codes = Object.entries(wrong).map(([name, bytes]) => [name, failure(bytes)]);
    expect(codes).to.deep.equal(Object.keys(wrong).map((name) => [name, 1002]));
  });
});
