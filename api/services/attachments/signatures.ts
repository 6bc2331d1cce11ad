/** Beginnings of files by which their types are known. */

export interface Signature {
  readonly type: string;
  /** [offset, bytes in Latin-1]: all of them must be there. */
  readonly marks: readonly (readonly [offset: number, bytes: string])[];
}

const at0 = (type: string, bytes: string): Signature => ({ type, marks: [[0, bytes]] });

/** The first that fits counts. Containers that hold more than one kind of thing are looked into elsewhere. */
export const SIGNATURES: readonly Signature[] = [
  at0('image/png', '\x89PNG\r\n\x1a\n'),
  at0('image/jpeg', '\xff\xd8\xff'),
  at0('image/gif', 'GIF87a'),
  at0('image/gif', 'GIF89a'),
  {
    type: 'image/webp',
    marks: [
      [0, 'RIFF'],
      [8, 'WEBP'],
    ],
  },
  {
    type: 'audio/wav',
    marks: [
      [0, 'RIFF'],
      [8, 'WAVE'],
    ],
  },
  {
    type: 'video/x-msvideo',
    marks: [
      [0, 'RIFF'],
      [8, 'AVI '],
    ],
  },
  at0('image/bmp', 'BM'),
  at0('image/tiff', 'II*\0'),
  at0('image/tiff', 'MM\0*'),
  at0('audio/flac', 'fLaC'),
  at0('audio/mpeg', 'ID3'),
  at0('audio/mpeg', '\xff\xfb'),
  at0('audio/mpeg', '\xff\xf3'),
  at0('audio/mpeg', '\xff\xf2'),
  at0('audio/aac', '\xff\xf1'),
  at0('audio/aac', '\xff\xf9'),
  at0('application/pdf', '%PDF-'),
  at0('application/zip', 'PK\x03\x04'),
  at0('application/zip', 'PK\x05\x06'),
  at0('application/gzip', '\x1f\x8b'),
  at0('application/x-bzip2', 'BZh'),
  at0('application/x-xz', '\xfd7zXZ\0'),
  at0('application/zstd', '\x28\xb5\x2f\xfd'),
  at0('application/x-7z-compressed', "7z\xbc\xaf'\x1c"),
  at0('application/vnd.rar', 'Rar!\x1a\x07'),
  at0('application/wasm', '\0asm'),
  at0('application/x-executable', '\x7fELF'),
];
