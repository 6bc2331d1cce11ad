import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { canApt } from '../../local/apt.ts';
import { ensureCertificates } from '../../local/certificates.ts';
import { onPath, run, type CommandResult } from '../../local/command.ts';
import { enclosed } from '../../local/documentdb/enclosure.ts';
import { DEFAULT_ROOT, isInstalled } from '../../local/documentdb/install.ts';
import { ROOT } from '../../local/paths.ts';
import { COMPOSE } from '../../nginx/compose.ts';
import { renderNginx } from '../../nginx/render.ts';

/** Since then a name can be resolved again while NGINX runs. */
const RESOLVES = [1, 27, 3] as const;

describe('NGINX as rendered for compose', function () {
  this.timeout(300_000);
  let folder: string;
  let text: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-nginx-'));
    text = renderNginx(await readFile(join(ROOT, 'nginx', 'nginx.conf.template'), 'utf8'), COMPOSE);
  });
  after(() => rm(folder, { recursive: true }));

  it('looks the names of scaled services up again while it runs', () => {
    expect(text).to.include('resolver 127.0.0.11 valid=5s');
    expect(text).to.match(/server api:8081 resolve /);
    expect(text).to.match(/server gateway:8083 resolve /);
  });

  it('insists on HTTPS for a year and writes nowhere but to /tmp and its output', () => {
    expect(text).to.include('max-age=31536000');
    for (const [, path] of text.matchAll(/(?:_temp_path|pid) "([^"]+)"/g)) expect(path).to.match(/^\/tmp\//);
    expect(text).to.include('access_log "/dev/stdout"');
  });

  it('is accepted by an NGINX that knows how to', async () => {
    const check = await findChecker();
    if (check === undefined) return;
    const { ok, output } = await check();
    expect(ok, output).to.equal(true);
    expect(output).to.include('test is successful').and.not.include('[warn]');
  });

  /** nginx -t by this system's NGINX, or by the one of DocumentDB's newer Debian; undefined where neither can be had. */
  const findChecker = async (): Promise<(() => Promise<CommandResult>) | undefined> => {
    const own = await onPath('nginx');
    if (own !== undefined && knowsResolve((await run(own, ['-v'])).output))
      return async () => await test(own, folder, run);
    if (!(await canApt()) || !(await isInstalled(DEFAULT_ROOT))) return undefined;
    const inside = async (program: string, args: readonly string[]) =>
      await run(...enclosed({ root: DEFAULT_ROOT, data: folder }, [program, ...args]), {
        timeout: 240_000,
        env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' },
      });
    if (!(await inside('nginx', ['-v'])).ok) {
      const install = ['install', '-y', '--no-install-recommends', 'nginx'];
      if (!(await inside('apt-get', install)).ok) {
        await inside('apt-get', ['update']);
        if (!(await inside('apt-get', install)).ok) return undefined;
      }
    }
    return async () => await test('nginx', '/mnt', inside);
  };

  /** `seen` is the folder as the program sees it. */
  const test = async (
    program: string,
    seen: string,
    start: (program: string, args: readonly string[]) => Promise<CommandResult>,
  ): Promise<CommandResult> => {
    await mkdir(join(folder, 'tls'), { recursive: true });
    await ensureCertificates(join(folder, 'tls'));
    await writeFile(join(folder, 'mime.types'), await readFile(join(ROOT, 'nginx', 'mime.types')));
    const moved = text
      .replaceAll('"/tls/', `"${seen}/tls/`)
      .replaceAll('"/tmp/', `"${seen}/`)
      .replaceAll('"/etc/nginx/', `"${seen}/`)
      .replaceAll('"/dev/stdout"', `"${seen}/access.log"`)
      .replace(/listen 8443/, 'listen 127.0.0.1:28443')
      .replace(/listen 8080/, 'listen 127.0.0.1:28080');
    await writeFile(join(folder, 'nginx.conf'), moved);
    return await start(program, ['-t', '-p', seen, '-c', `${seen}/nginx.conf`, '-e', 'stderr']);
  };

  const knowsResolve = (version: string): boolean => {
    const parts = /nginx\/(\d+)\.(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number) ?? [];
    const differing = RESOLVES.findIndex((number, index) => parts[index] !== number);
    return differing === -1 || (parts[differing] ?? 0) > (RESOLVES[differing] ?? 0);
  };
});
