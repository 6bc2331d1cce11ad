import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { aptInstall, canApt } from '../../local/apt.ts';
import { onPath, run } from '../../local/command.ts';
import { API_FLAGS, entriesOf } from '../../local/nodes.ts';
import { silent } from '../../local/output.ts';
import { ROOT } from '../../local/paths.ts';

interface Service {
  readonly image?: string;
  readonly build?: { readonly dockerfile?: string };
  readonly command?: readonly string[];
  readonly user?: string;
  readonly ports?: readonly string[];
  readonly container_name?: string;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly stop_grace_period?: string;
  readonly restart?: string;
}

const { load } = createRequire(import.meta.url)('js-yaml') as { load(text: string): unknown };
const read = (name: string): Promise<string> => readFile(join(ROOT, name), 'utf8');
/** Applies YAML's merge keys (`<<`), which the parser leaves as they are. */
function merged(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(merged);
  if (typeof value !== 'object' || value === null) return value;
  const { '<<': base, ...own } = value as Record<string, unknown>;
  const fields = Object.entries(own).map(([name, field]) => [name, merged(field)] as const);
  return { ...(merged(base) as object | undefined), ...Object.fromEntries(fields) };
}
const SCALED = ['api', 'gateway'];
const PINNED = /^[\w./-]+:\d+\.\d+\.\d+(-[\w.-]+)?$/;

describe('docker-compose.yml', () => {
  let services: Readonly<Record<string, Service>>;
  const service = (name: string): Service => {
    const found = services[name];
    if (found === undefined) throw new Error(`no service ${name}`);
    return found;
  };

  before(async () => {
    services = (merged(load(await read('docker-compose.yml'))) as { services: typeof services }).services;
  });

  it('runs the whole cluster', () => {
    expect(services).to.have.all.keys('mongo', 'redis', 'api', 'gateway', 'tls', 'nginx');
  });

  it('pins every image', () => {
    for (const [name, { image }] of Object.entries(services)) expect(image, name).to.match(PINNED);
  });

  it('leaves what is scaled without a name or a port of the host', () => {
    for (const name of SCALED) {
      expect(service(name), name).not.to.have.any.keys('container_name', 'ports');
      expect(JSON.stringify(services), name).not.to.include('container_name');
    }
  });

  it('checks the health of all that keeps running', async () => {
    for (const [name, { healthcheck, restart, build }] of Object.entries(services)) {
      if (restart === 'no') continue;
      const inImage = build === undefined ? '' : await read(build.dockerfile ?? 'Dockerfile');
      expect(healthcheck !== undefined || inImage.includes('HEALTHCHECK'), name).to.equal(true);
    }
  });

  it('starts each part when those it needs are healthy', () => {
    const needs = (name: string) => service(name).depends_on ?? {};
    expect(needs('api')).to.deep.equal({
      mongo: { condition: 'service_healthy' },
      redis: { condition: 'service_healthy' },
    });
    expect(needs('gateway')['api']?.condition).to.equal('service_healthy');
    expect(needs('nginx')['gateway']?.condition).to.equal('service_healthy');
    expect(needs('nginx')['tls']?.condition).to.equal('service_completed_successfully');
  });

  it('gives a gateway more time to stop than its drain takes', () => {
    const { stop_grace_period, environment } = service('gateway');
    expect(Number.parseInt(stop_grace_period ?? '', 10)).to.be.above(
      Number(environment?.['DRAIN_SECONDS']) + 5,
    );
  });

  it('refuses to start without secrets, and holds none', () => {
    const all = { ...service('api').environment, ...service('gateway').environment };
    for (const name of ['JWT_SECRET', 'INTERNAL_SECRET', 'REFRESH_SECRET'])
      expect(all[name]).to.match(new RegExp(`^\\$\\{${name}:\\?.+\\}$`));
  });

  it('runs its MongoDB as a replica set of one, made by the health check', () => {
    const { command, healthcheck } = service('mongo');
    expect(command).to.include('--replSet');
    expect(healthcheck?.test.join(' ')).to.include('rs.initiate').and.include('isWritablePrimary');
  });

  it('runs nobody as root', async () => {
    for (const [name, { user, build }] of Object.entries(services)) {
      const inImage = build === undefined ? '' : await read(build.dockerfile ?? 'Dockerfile');
      const account = user ?? /^USER (.+)$/m.exec(inImage)?.[1];
      expect(account, name)
        .to.be.a('string')
        .and.not.match(/^(root|0)\b/);
    }
  });

  it('runs nodes by the commands that npm start uses', async () => {
    const built = entriesOf('built');
    for (const name of ['api', 'gateway'] as const) {
      const script = built[name].at(-1)?.slice(ROOT.length + 1);
      const flags = name === 'api' ? API_FLAGS : [];
      expect(service(name).command).to.deep.equal(['node', ...flags, script]);
    }
    expect(await read('Dockerfile')).to.include(
      `CMD ["node", "${API_FLAGS.join('", "')}", "dist/api/main.js"]`,
    );
  });

  it('runs helpers that exist', async () => {
    const scripts = Object.values(services).flatMap(({ command, healthcheck }) =>
      [...(command ?? []), ...(healthcheck?.test ?? [])].filter((word) => word.startsWith('dist/')),
    );
    expect(scripts).to.include('dist/local/health.js').and.include('dist/local/tls.js');
    for (const script of scripts)
      expect(await read(script.replace(/^dist\//, '').replace(/\.js$/, '.ts'))).to.have.length.above(0);
  });

  it('names in .env.example every variable it takes', async () => {
    const example = await read('.env.example');
    const names = new Set(
      [...(await read('docker-compose.yml')).matchAll(/\$\{(\w+)/g)].map(([, name]) => name ?? ''),
    );
    for (const name of names) expect(example, name).to.match(new RegExp(`^#?${name}=`, 'm'));
  });
});

describe('the images', () => {
  for (const name of ['Dockerfile', 'Dockerfile.nginx'])
    it(`${name} stands on pinned ones, ends without root and starts in exec form`, async () => {
      const text = await read(name);
      for (const [, from] of text.matchAll(/^FROM (\S+)/gm)) expect(from).to.match(PINNED);
      const last = text.slice(text.lastIndexOf('\nFROM'));
      expect(last).to.match(/^USER (node|nginx)$/m);
      expect(last).to.match(/^CMD \["/m);
      expect(last).to.match(/^HEALTHCHECK /m);
    });

  it('are given all that they copy, and nothing more of this folder', async () => {
    const allowed = new Set(
      (await read('.dockerignore'))
        .split('\n')
        .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : [])),
    );
    for (const name of ['Dockerfile', 'Dockerfile.nginx'])
      for (const [, paths = ''] of (await read(name)).matchAll(/^COPY (?!--from)(.+)$/gm))
        for (const path of paths.split(' ').slice(0, -1))
          expect(
            [path, path.split('/')[0]].some((one) => allowed.has(one ?? '')),
            path,
          ).to.equal(true);
    for (const secret of ['.env', '.data', '.git', 'node_modules']) expect(allowed).not.to.include(secret);
  });
});

describe('docker compose', function () {
  this.timeout(300_000);
  let folder: string;
  let command: readonly string[] | undefined;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-compose-'));
    await cp(join(ROOT, 'docker-compose.yml'), join(folder, 'docker-compose.yml'));
    command = await findCompose();
  });
  after(() => rm(folder, { recursive: true }));

  /** The plugin, the older program, or Debian's package; undefined on systems that have none of them. */
  const findCompose = async (): Promise<readonly string[] | undefined> => {
    if ((await run('docker', ['compose', 'version'])).ok) return ['docker', 'compose'];
    if ((await onPath('docker-compose')) === undefined && (await canApt()))
      await aptInstall(['docker-compose'], 'compose', silent);
    const program = await onPath('docker-compose');
    return program === undefined ? undefined : [program];
  };
  const config = async (env: string) => {
    const [program = 'false', ...args] = command ?? [];
    await writeFile(join(folder, '.env'), env);
    return await run(program, [...args, 'config'], { cwd: folder });
  };

  it('accepts the file with the secrets of a filled-in .env', async () => {
    if (command === undefined) return;
    const secrets = ['JWT_SECRET', 'INTERNAL_SECRET', 'REFRESH_SECRET'].map(
      (name) => `${name}=${name.padEnd(40, 'x')}\n`,
    );
    const { ok, output } = await config(secrets.join(''));
    expect(ok, output).to.equal(true);
  });

  it('refuses it without them, saying where they belong', async () => {
    if (command === undefined) return;
    const { ok, output } = await config('');
    expect(ok).to.equal(false);
    expect(output).to.include('.env');
  });
});
