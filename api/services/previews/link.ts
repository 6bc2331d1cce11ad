import { parseUrl } from '../../../shared/wire/parse-url.ts';

const LINK = /(?<![<\p{L}\p{N}])https?:\/\/[^\s<>"'`]+/iu;
const CODE = /```[^]*?(?:```|$)|`[^`\n]*`/gu;
const TRAILING = /[.,:;!?…*_~)\]}|]+$/u;

/** The first address of a text that is to have a preview: not in code, and not in `<…>`, which is how one says no. */
export function previewedLink(text: string): string | undefined {
  const found = LINK.exec(text.replace(CODE, ' '))?.[0];
  if (found === undefined) return undefined;
  const trimmed = found.replace(TRAILING, '');
  // A bracket that was opened within the address belongs to it.
  const link = found.startsWith(`${trimmed})`) && trimmed.includes('(') ? `${trimmed})` : trimmed;
  const url = parseUrl(link);
  return url === undefined || url.hostname === '' ? undefined : url.href;
}
