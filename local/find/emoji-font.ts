import { aptInstall, canApt } from '../apt.ts';
import { run } from '../command.ts';
import type { Output } from '../output.ts';

/** Party popper: one that no text font has in colours. */
const COLOURED = ':charset=1f389:color=true';

/** A font with emojis in colours, for pictures; installed where there is none, else said, as they are drawn as boxes then. */
export async function ensureEmojiFont(output: Output): Promise<void> {
  const { ok, output: found } = await run('fc-list', [COLOURED]);
  if (ok && found.trim() !== '') return;
  const problem = (await canApt())
    ? await aptInstall(['fonts-noto-color-emoji'], 'emojis', output)
    : 'install fonts-noto-color-emoji';
  if (problem !== undefined) output.warn('emojis', `no font has them in colours (${problem})`);
}
