import { expect } from 'chai';
import fc from 'fast-check';
import { HEAD_BYTES, sniff } from '../../../../api/services/attachments/sniff.ts';

const of = (latin1: string): string => sniff(Buffer.from(latin1, 'latin1'));

describe('a file’s type', () => {
  it('is what its first bytes are', () => {
    const expected = {
      '\x89PNG\r\n\x1a\n....': 'image/png',
      '\xff\xd8\xff\xe0': 'image/jpeg',
      'RIFF....WEBPVP8 ': 'image/webp',
      'RIFF....WAVEfmt ': 'audio/wav',
      '....ftypavif': 'image/avif',
      '....ftypheic': 'image/heic',
      '....ftypisom....vide': 'video/mp4',
      '....ftypisom....soun': 'audio/mp4',
      'OggS....OpusHead': 'audio/ogg',
      'OggS....\x80theora': 'video/ogg',
      '\x1aE\xdf\xa3..webm..A_OPUS': 'audio/webm',
      '\x1aE\xdf\xa3..webm..V_VP9..A_OPUS': 'video/webm',
      '%PDF-1.7': 'application/pdf',
      'PK\x03\x04': 'application/zip',
      '\x7fELF': 'application/x-executable',
    };
    for (const [bytes, type] of Object.entries(expected)) expect(of(bytes), type).to.equal(type);
  });

  it('is that of a page wherever a browser would find one', () => {
    for (const text of [
      '<!DOCTYPE html>',
      '  \n<html>',
      'hello <script src=x>',
      '<a href=x>',
      'GIF? <iframe/>',
    ])
      expect(sniff(Buffer.from(text)), text).to.equal('text/html');
    for (const text of ['<svg>', '<?xml version="1.0"?><svg xmlns="">', 'text <SVG onload=alert(1)>'])
      expect(sniff(Buffer.from(text)), text).to.equal('image/svg+xml');
  });

  it('is text where it has nothing but what texts have', () => {
    for (const text of ['Grüße\tan\r\nalle\f', '\u001b[31mred\u001b[0m', 'a < b > c', '\ufeffwith a mark'])
      expect(sniff(Buffer.from(text)), JSON.stringify(text)).to.equal('text/plain');
    expect(sniff(Buffer.from('<?xml version="1.0"?><note/>'))).to.equal('application/xml');
    for (const code of [0, 1, 8, 14, 26, 28, 31])
      expect(sniff(Buffer.from(`text${String.fromCharCode(code)}`)), String(code)).to.equal(
        'application/octet-stream',
      );
    expect(of('not \xff utf-8')).to.equal('application/octet-stream');
  });

  it('is text also where the head ends within a character', () => {
    for (const lead of ['', 'a', 'ab', 'abc']) {
      const bytes = Buffer.from(lead + '😀'.repeat(HEAD_BYTES / 4 + 1));
      expect(sniff(bytes.subarray(0, HEAD_BYTES)), lead).to.equal('text/plain');
    }
  });

  it('is found for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) =>
        /^[a-z]+\/[\w.+-]+$/.test(sniff(Buffer.from(bytes))),
      ),
    );
  });
});
