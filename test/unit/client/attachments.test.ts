import { expect } from 'chai';
import fc from 'fast-check';
import {
  attachmentLine,
  attachmentUrl,
  extensionOf,
  kindOf,
} from '../../../client/src/lib/chat/attachments.ts';
import { formatDuration, formatSize } from '../../../client/src/lib/chat/file-size.ts';
import { layoutPictures } from '../../../client/src/lib/chat/image-layout.ts';
import {
  fromWaveform,
  loudest,
  normalise,
  resample,
  toWaveform,
} from '../../../client/src/lib/chat/peaks.ts';
import { admit } from '../../../client/src/lib/chat/upload-limits.ts';
import type { Attachment } from '../../../shared/wire/rest.ts';

const file = (name: string, type: string, rest: Partial<Attachment> = {}): Attachment => ({
  ...{ id: name, name, type, size: 10 },
  ...rest,
});

describe('files in the client', () => {
  it('are shown by the type that their bytes have', () => {
    expect(kindOf({ type: 'image/png' })).to.equal('image');
    expect(kindOf({ type: 'image/svg+xml' })).to.equal('file');
    expect(kindOf({ type: 'video/mp4' })).to.equal('video');
    expect(kindOf({ type: 'audio/ogg; codecs=opus' })).to.equal('audio');
    expect(kindOf({ type: 'text/html' })).to.equal('file');
    expect(kindOf({ type: 'video/webm', waveform: [1] }), 'a voice message').to.equal('audio');
  });

  it('have a line in the list of rooms', () => {
    const photo = file('a.png', 'image/png');
    const paper = file('b.pdf', 'application/pdf');
    expect(attachmentLine([])).to.equal('');
    expect(attachmentLine([photo])).to.equal('Photo');
    expect(attachmentLine([photo, photo])).to.equal('2 photos');
    expect(attachmentLine([paper])).to.equal('b.pdf');
    expect(attachmentLine([photo, paper])).to.equal('2 files');
    expect(attachmentLine([file('v.webm', 'audio/webm', { waveform: [1] })])).to.equal('Voice message');
  });

  it('have addresses and endings', () => {
    expect(attachmentUrl('a/b')).to.equal('/api/v1/attachments/a%2Fb');
    expect(attachmentUrl('ab', true)).to.match(/ab\?thumb=1$/);
    expect([extensionOf('a.tar.gz'), extensionOf('README'), extensionOf('x.verylongone')]).to.deep.equal([
      'GZ',
      'File',
      'File',
    ]);
  });

  it('have sizes and durations that people read', () => {
    expect([0, 1, 820, 1_023, 1_024, 1_468_006, 12_582_912, 1_048_575].map(formatSize)).to.deep.equal([
      '0 bytes',
      '1 byte',
      '820 bytes',
      '1023 bytes',
      '1 KB',
      '1.4 MB',
      '12 MB',
      '1 MB',
    ]);
    expect([0, 7.9, 65, 3_723, Number.POSITIVE_INFINITY].map(formatDuration)).to.deep.equal([
      '0:00',
      '0:07',
      '1:05',
      '1:02:03',
      '0:00',
    ]);
  });

  it('are refused before a byte is sent: too many, too large, empty', () => {
    const many = Array.from({ length: 12 }, (_, index) => ({ name: `${index}`, size: 1 }));
    const { taken, problems } = admit(many, 3, 1_000);
    expect(taken).to.have.length(7);
    expect(problems).to.deep.equal(['A message carries at most 10 files.']);
    const odd = admit(
      [
        { name: 'big', size: 2_048 },
        { name: 'none', size: 0 },
        { name: 'ok', size: 5 },
      ],
      0,
      1_024,
    );
    expect(odd.taken.map(({ name }) => name)).to.deep.equal(['ok']);
    expect(odd.problems).to.deep.equal(['“big” is 2 KB; a file may have 1 KB.', '“none” is empty.']);
  });

  describe('pictures', () => {
    it('keep their shape alone, are never blown up, and leave a target for fingers', () => {
      expect(layoutPictures([{ width: 1_600, height: 900 }])).to.deep.equal({
        width: 420,
        rows: [[{ ratio: 1_600 / 900 }]],
      });
      expect(layoutPictures([{ width: 900, height: 1_600 }]).width).to.equal(180);
      expect(layoutPictures([{ width: 200, height: 100 }]).width).to.equal(200);
      expect(layoutPictures([{ width: 1, height: 1 }]).width).to.equal(88);
    });

    it('have a place each, whatever they are', () => {
      const side = fc.option(fc.integer({ min: 0, max: 100_000 }), { nil: undefined });
      const picture = fc.record({ width: side, height: side }).map(({ width, height }) => ({
        ...(width === undefined ? {} : { width }),
        ...(height === undefined ? {} : { height }),
      }));
      fc.assert(
        fc.property(fc.array(picture, { minLength: 1, maxLength: 10 }), (pictures) => {
          const { width, rows } = layoutPictures(pictures);
          expect(rows.flat()).to.have.length(pictures.length);
          expect(width).to.be.within(44, 420);
          for (const row of rows) expect(row.length).to.be.within(1, 3);
          for (const { ratio } of rows.flat()) expect(ratio).to.be.within(0.5, 3);
        }),
      );
    });

    it('stand in rows of two and three', () => {
      const shapes = [2, 3, 4, 5, 7, 10].map((count) =>
        layoutPictures(Array.from({ length: count }, () => ({}))).rows.map((row) => row.length),
      );
      expect(shapes).to.deep.equal([[2], [3], [2, 2], [3, 2], [3, 2, 2], [3, 3, 2, 2]]);
    });
  });

  describe('the outline of a sound', () => {
    it('is how loud it was, piece by piece', () => {
      expect(loudest(new Float32Array([0.1, -0.5, 0.25]))).to.equal(0.5);
      expect(resample([0, 1, 2, 3, 9, 5], 3)).to.deep.equal([1, 3, 9]);
      expect(resample([4, 8], 4)).to.deep.equal([4, 4, 8, 8]);
      expect(resample([], 2)).to.deep.equal([0, 0]);
      expect(normalise([1, 2])).to.deep.equal([0.5, 1]);
      expect(normalise([0, 0])).to.deep.equal([0, 0]);
    });

    it('travels as whole numbers from 0 to 100', () => {
      fc.assert(
        fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 64 }), (levels) => {
          const waveform = toWaveform(levels);
          expect(waveform.every((level) => Number.isInteger(level) && level >= 0 && level <= 100)).to.equal(
            true,
          );
          const back = fromWaveform(waveform);
          expect(
            back.every((level, index) => Math.abs(level - levels[index]!) <= 0.005 + Number.EPSILON),
          ).to.equal(true);
        }),
      );
    });
  });
});
