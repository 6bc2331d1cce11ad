import type { Attachment } from '../../../../shared/wire/rest.ts';

export type AttachmentKind = 'image' | 'video' | 'audio' | 'file';

/** What every browser draws; the others are files to download. */
const IMAGES: ReadonlySet<string> = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/avif',
]);

/** How a file is shown, by the type that the server found in its bytes. */
export function kindOf({ type, waveform }: Pick<Attachment, 'type' | 'waveform'>): AttachmentKind {
  if (waveform !== undefined) return 'audio';
  const [bare = ''] = type.split(';');
  if (IMAGES.has(bare.trim())) return 'image';
  if (bare.startsWith('video/')) return 'video';
  return bare.startsWith('audio/') ? 'audio' : 'file';
}

/** Where a file, or its small picture, is read; the session's cookie lets members in. */
export function attachmentUrl(id: string, thumb = false): string {
  return `/api/v1/attachments/${encodeURIComponent(id)}${thumb ? '?thumb=1' : ''}`;
}

/** "PDF", "ZIP": what a name ends with, where that is short enough to be a kind; else "File". */
export function extensionOf(name: string): string {
  const end = /\.([A-Za-z0-9]{1,5})$/u.exec(name)?.[1];
  return end === undefined ? 'File' : end.toUpperCase();
}

/** One line for a message without words: "Photo", "3 photos", a file's name, "4 files". */
export function attachmentLine(attachments: readonly Attachment[]): string {
  const [first] = attachments;
  if (first === undefined) return '';
  if (first.waveform !== undefined) return 'Voice message';
  const kinds = new Set(attachments.map(kindOf));
  const [kind] = kinds;
  if (kinds.size === 1 && kind === 'image')
    return attachments.length === 1 ? 'Photo' : `${String(attachments.length)} photos`;
  return attachments.length === 1 ? first.name : `${String(attachments.length)} files`;
}

/** Shown whole where it moves, as long as that costs little. */
export function isAnimated({ type, size }: Attachment): boolean {
  return type === 'image/gif' && size <= 3 * 1024 * 1024;
}
