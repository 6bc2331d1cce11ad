import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { allowanceOf } from '../../../../api/services/attachments/allowance.ts';
import { Intake, type IntakeOptions } from '../../../../api/services/attachments/intake.ts';
import { PIECE_BYTES } from '../../../../api/store/files.ts';
import { ParleyError } from '../../../../shared/node/errors.ts';

const ALLOWANCE = allowanceOf({ file: 2_000_000, quota: 0 }, 0);

async function take(source: Readable, options: Partial<IntakeOptions> = {}): Promise<Buffer[]> {
  const intake = new Intake(source, { ...ALLOWANCE, signal: new AbortController().signal, ...options });
  const pieces: Buffer[] = [];
  for await (const piece of intake.pieces()) pieces.push(piece);
  return pieces;
}
const failure = async (promise: Promise<unknown>): Promise<ParleyError> => {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ParleyError)) throw new Error('it was not refused');
  return error;
};

describe('a body that comes in', () => {
  it('is cut into pieces as they are stored, whatever its parts', async () => {
    const bytes = Buffer.alloc(PIECE_BYTES * 2 + 5, 7);
    const parts = [bytes.subarray(0, 3), bytes.subarray(3, 400_000), bytes.subarray(400_000)];
    const pieces = await take(Readable.from(parts));
    expect(pieces.map(({ length }) => length)).to.deep.equal([PIECE_BYTES, PIECE_BYTES, 5]);
    expect(Buffer.concat(pieces).equals(bytes)).to.equal(true);
  });

  it('is refused as soon as it is too large', async () => {
    let asked = 0;
    const endless = Readable.from(
      (function* () {
        for (; asked < 100; asked++) yield Buffer.alloc(100_000);
      })(),
      { highWaterMark: 1 },
    );
    expect((await failure(take(endless))).code).to.equal('too_large');
    expect(asked).to.be.below(30);
  });

  it('is refused where it stops', async () => {
    const stopped = new Readable({ read: () => undefined });
    stopped.push(Buffer.from('so far'));
    const patience = { stoppedAfter: 20, slowAfter: 60_000 };
    const { code, message } = await failure(take(stopped, { patience }));
    expect([code, message]).to.deep.equal(['invalid', 'The upload stopped.']);
  });

  it('is refused where it only trickles in', async () => {
    const trickle = Readable.from(
      (async function* () {
        for (;;) {
          await sleep(10);
          yield Buffer.from('.');
        }
      })(),
    );
    const patience = { stoppedAfter: 60_000, slowAfter: 30 };
    const { code, message } = await failure(take(trickle, { patience }));
    expect([code, message]).to.deep.equal(['invalid', 'The upload comes too slowly.']);
  });

  it('is refused where it is cut off', async () => {
    const broken = new Readable({ read: () => undefined });
    broken.push(Buffer.from('so far'));
    setImmediate(() => broken.destroy(new Error('reset')));
    expect((await failure(take(broken))).message).to.equal('The upload was cut off.');
  });

  it('ends with the reason of whoever ends it', async () => {
    const control = new AbortController();
    const waiting = new Readable({ read: () => undefined });
    const taken = failure(take(waiting, { signal: control.signal }));
    control.abort(new ParleyError('unavailable', 'going down'));
    expect((await taken).code).to.equal('unavailable');
  });
});

describe('what one may upload', () => {
  it('is bounded by the size of one file, or by what is left of one’s space', () => {
    const limits = { file: 50, quota: 100 };
    expect(allowanceOf(limits, 0))
      .to.include({ limit: 50 })
      .and.nested.include({ 'refusal.code': 'too_large' });
    expect(allowanceOf(limits, 50).limit).to.equal(50);
    expect(allowanceOf(limits, 51))
      .to.include({ limit: 49 })
      .and.nested.include({ 'refusal.code': 'quota_exceeded' });
    expect(allowanceOf(limits, 500).limit).to.equal(0);
    expect(allowanceOf({ file: 50, quota: 0 }, 1e15).limit).to.equal(50);
  });

  it('is said in words', () => {
    const { refusal } = allowanceOf({ file: 50 * 1024 ** 2, quota: 10 * 1024 ** 3 }, 10 * 1024 ** 3);
    expect(refusal.message).to.equal(
      'Your files may take 10 GiB together. Delete some to make room for this one.',
    );
    expect(allowanceOf({ file: 1_536, quota: 0 }, 0).refusal.message).to.equal(
      'A file may have at most 1.5 KiB.',
    );
  });
});
