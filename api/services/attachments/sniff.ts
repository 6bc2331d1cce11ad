import { isUtf8 } from 'node:buffer';
import { SIGNATURES, type Signature } from './signatures.ts';

/** Bytes from its beginning by which a file's type is decided. */
export const HEAD_BYTES = 4_096;
export const UNKNOWN_TYPE = 'application/octet-stream';

/** What the first bytes of a file say it is; its name and what its sender claims count for nothing. */
export function sniff(head: Buffer): string {
  const bytes = head.toString('latin1', 0, HEAD_BYTES);
  return (
    container(bytes) ?? SIGNATURES.find((one) => fits(bytes, one))?.type ?? textual(head) ?? UNKNOWN_TYPE
  );
}

const fits = (bytes: string, { marks }: Signature): boolean =>
  marks.every(([offset, mark]) => bytes.startsWith(mark, offset));

/** Formats that hold sound or moving pictures alike: what they hold stands in their headers. */
function container(bytes: string): string | undefined {
  if (bytes.startsWith('\x1aE\xdf\xa3')) return matroska(bytes);
  if (bytes.startsWith('OggS')) return bytes.includes('theora') ? 'video/ogg' : 'audio/ogg';
  return bytes.startsWith('ftyp', 4) ? isoMedia(bytes) : undefined;
}

function matroska(bytes: string): string {
  const kind = /V_(VP8|VP9|AV1|MPEG|THEORA)/.test(bytes) || !bytes.includes('A_') ? 'video' : 'audio';
  return bytes.includes('webm') ? `${kind}/webm` : `${kind}/x-matroska`;
}

function isoMedia(bytes: string): string {
  const brand = bytes.slice(8, 12);
  if (brand === 'avif' || brand === 'avis') return 'image/avif';
  if (/^(hei[cxms]|hev[cxms]|mif1|msf1)$/.test(brand)) return 'image/heic';
  if (brand === 'qt  ') return 'video/quicktime';
  const hasSoundOnly = bytes.includes('soun') && !bytes.includes('vide');
  return brand.startsWith('M4A') || brand.startsWith('M4B') || hasSoundOnly ? 'audio/mp4' : 'video/mp4';
}

/** The control characters that texts have: tab, the line breaks, and escape, which colours logs. */
const TEXT_CONTROLS: ReadonlySet<number> = new Set([0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x1b]);
const FIRST_PRINTED = 0x20;
const SVG = /<svg[\s>]/i;
const HTML = /<(!doctype\s+html|html|head|body|script|iframe|style|title|a|b|p|div|table|img|h1|br)[\s>/]/i;

function textual(head: Buffer): string | undefined {
  const bytes = wholeCharacters(head.subarray(0, HEAD_BYTES));
  if (bytes.length === 0 || !isUtf8(bytes)) return undefined;
  if (bytes.some((byte) => byte < FIRST_PRINTED && !TEXT_CONTROLS.has(byte))) return undefined;
  const text = bytes.toString('utf8');
  if (SVG.test(text)) return 'image/svg+xml';
  if (HTML.test(text)) return 'text/html';
  return /^\ufeff?\s*<\?xml\s/i.test(text) ? 'application/xml' : 'text/plain';
}

/** Without the character that the end of the head may have cut in two. */
function wholeCharacters(head: Buffer): Buffer {
  if (head.length < HEAD_BYTES) return head;
  let end = head.length;
  while (end > head.length - 4 && ((head[end - 1] ?? 0) & 0xc0) === 0x80) end -= 1;
  return (head[end - 1] ?? 0) >= 0xc0 ? head.subarray(0, end - 1) : head;
}
