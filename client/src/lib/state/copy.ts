import type { Notify } from './notify.ts';

/**
 * Puts `text` into the clipboard and says `done`; without that, whoever asked says so. Never rejects: that it could not be done
 * is told, with what to do instead; false then.
 */
export async function copyText(
  text: string,
  notify: Notify,
  { done, instead = '' }: { readonly done?: string; readonly instead?: string } = {},
): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    notify.problem(`Your browser did not let it be copied. ${instead}`.trim());
    return false;
  }
  if (done !== undefined) notify.success(done);
  return true;
}
