import { aptInstall, canApt } from '../apt.ts';
import { onPath, run } from '../command.ts';
import { SetupError } from '../errors.ts';
import type { Output } from '../output.ts';

export interface NginxChoice {
  readonly program: string;
  /** Such as "1.22.1". */
  readonly version: string;
  readonly about: string;
}

/** nginx on PATH, else Debian's package; throws SetupError naming the choices. */
export async function findNginx(output: Output): Promise<NginxChoice> {
  const found = await onPath('nginx');
  if (found !== undefined) return await describe(found, 'found');
  if (await canApt()) {
    const problem = await aptInstall(['nginx'], 'nginx', output);
    const installed = await onPath('nginx');
    if (installed !== undefined) return await describe(installed, 'installed');
    throw new SetupError(
      `no NGINX: apt-get could not install nginx (${problem ?? 'unknown'}); install nginx 1.22 or newer`,
    );
  }
  throw new SetupError('no NGINX found: install nginx 1.22 or newer so that it is on PATH');
}

async function describe(program: string, how: string): Promise<NginxChoice> {
  const { output } = await run(program, ['-v']);
  const version = /nginx\/([\d.]+)/.exec(output)?.[1] ?? '0.0.0';
  return { program, version, about: `NGINX ${version} at ${program} (${how})` };
}
