import { aptInstall, canApt } from '../apt.ts';
import { onPath } from '../command.ts';
import { SetupError } from '../errors.ts';
import type { Output } from '../output.ts';

const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'] as const;

/** The Chromium for the browser tests: CHROMIUM, else one on PATH, else Debian's package; throws SetupError. */
export async function findChromium(env: NodeJS.ProcessEnv, output: Output): Promise<string> {
  const named = env['CHROMIUM'];
  const found = named !== undefined && named !== '' ? await onPath(named) : await onPath(...PROGRAMS);
  if (found !== undefined) return found;
  if (await canApt()) {
    const problem = await aptInstall(['chromium'], 'chromium', output);
    const installed = await onPath(...PROGRAMS);
    if (installed !== undefined) return installed;
    throw new SetupError(`no Chromium: apt-get could not install chromium (${problem ?? 'unknown'})`);
  }
  throw new SetupError('no Chromium found: install chromium, or name its program in CHROMIUM');
}
