import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { Agent, fetch } from 'undici';
import type { Cluster } from '../../local/cluster.ts';
import { requestRestart, requestScale } from '../../local/control.ts';
import { identify } from '../../local/identity.ts';
import { Ports } from '../../local/ports.ts';
import { controlSocket } from '../../local/state.ts';
import { startStandIns } from './stand-in-cluster.ts';

describe('a supervised cluster', function () {
  this.timeout(120_000);
  let data: string;
  let cluster: Cluster | undefined;
  let agent: Agent;

  beforeEach(async () => (data = await mkdtemp(join(tmpdir(), 'parley-supervision-'))));
  afterEach(async () => {
    await agent?.destroy();
    await cluster?.stop();
    cluster = undefined;
    await rm(data, { recursive: true, force: true });
  });

  const start = async (): Promise<Cluster> => {
    cluster = await startStandIns({ data });
    // A connection for each call: one that idles while NGINX reloads is closed, and what is sent on it just then is lost.
    const ca = await readFile(cluster.caCertificate, 'utf8');
    agent = new Agent({ connect: { ca }, pipelining: 0 });
    return cluster;
  };
  const whoAnswers = async (origin: string): Promise<string> => {
    const response = await fetch(`${origin}/api/v1/users`, { dispatcher: agent });
    return ((await response.json()) as { node: string }).node;
  };
  const messageOf = (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      () => 'it did not fail',
      (error: Error) => error.message,
    );
  const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
    while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
  };

  it('serves through TLS, all its API nodes in turn', async () => {
    const { origin } = await start();
    const nodes = new Set<string>();
    for (let i = 0; i < 8; i++) nodes.add(await whoAnswers(origin));
    expect([...nodes].toSorted()).to.deep.equal(['api-1', 'api-2']);
  });

  it('starts again whatever is killed, on the same port', async () => {
    const { origin } = await start();
    for (const name of ['redis', 'nginx', 'gateway-1', 'api-1']) {
      const item = cluster?.process(name);
      const before = item?.identity?.pid;
      await cluster?.kill(name, 'SIGKILL');
      await until(
        () => item?.isRunning === true && item.identity !== undefined && item.identity.pid !== before,
      );
    }
    expect(await whoAnswers(origin)).to.match(/^api-/);
  });

  it('grows and shrinks while it runs', async () => {
    const { origin, paths } = await start();
    await requestScale(controlSocket(paths), { api: 3, gateways: 4 });
    expect([cluster?.apiNodes.length, cluster?.gateways.length]).to.deep.equal([3, 4]);
    await requestScale(controlSocket(paths), { api: 1 });
    expect([cluster?.apiNodes.length, cluster?.gateways.length]).to.deep.equal([1, 4]);
    const listed = (await readFile(paths.apiNodes, 'utf8')).trim().split('\n');
    expect(listed).to.deep.equal([`http://127.0.0.1:${cluster?.apiNodes[0]?.internalPort}`]);
    for (let i = 0; i < 4; i++) expect(await whoAnswers(origin)).to.equal('api-1');
  });

  it('does not scale to nothing', async () => {
    const { paths } = await start();
    expect(await messageOf(requestScale(controlSocket(paths), { api: 0 }))).to.include('from 1 to 64');
  });

  it('starts every node again, one after the other, and always answers meanwhile', async () => {
    const { origin, processes, paths } = await start();
    const pidsOf = (): (number | undefined)[] => processes.map((item) => item.identity?.pid);
    const before = pidsOf();
    const restart = { isOver: false };
    const restarting = requestRestart(controlSocket(paths)).finally(() => (restart.isOver = true));
    while (!restart.isOver) expect(await whoAnswers(origin)).to.match(/^api-/);
    await restarting;
    const kept = processes.filter((_, i) => pidsOf()[i] === before[i]).map(({ spec }) => spec.name);
    expect(kept.filter((name) => /^(api|gateway)-/.test(name))).to.deep.equal([]);
    expect(kept).to.include('nginx');
    expect(cluster?.apiNodes.map(({ port }) => port)).to.have.length(2);
  });

  it('lets another node serve while the only one of its kind starts again', async () => {
    const { origin, paths } = await start();
    await requestScale(controlSocket(paths), { api: 1 });
    const restart = { isOver: false };
    const restarting = requestRestart(controlSocket(paths)).finally(() => (restart.isOver = true));
    const nodes = new Set<string>();
    while (!restart.isOver) nodes.add(await whoAnswers(origin));
    await restarting;
    expect([...nodes]).to.include('api-2');
    expect(cluster?.apiNodes).to.have.length(1);
    expect(await whoAnswers(origin)).to.equal('api-1');
  });

  it('stops in the middle of a rolling restart, and leaves nothing', async () => {
    const { processes, paths } = await start();
    const asked = messageOf(requestRestart(controlSocket(paths)));
    await until(() => processes.some(({ isRunning }) => !isRunning));
    await cluster?.stop();
    expect(await asked).to.not.equal('it did not fail');
    expect(processes.filter(({ identity }) => identity !== undefined)).to.deep.equal([]);
    expect(await readdir(paths.run)).to.deep.equal([]);
  });

  it('is alone on its folder', async () => {
    await start();
    expect(await messageOf(startStandIns({ data }))).to.include('already runs');
    expect(cluster?.processes.every((item) => item.isRunning)).to.equal(true);
  });

  it('leaves nothing running and no lock when it stops', async () => {
    const { processes, paths } = await start();
    const identities = processes.map((item) => item.identity?.pid ?? 0);
    await cluster?.stop();
    for (const pid of identities) expect(await identify(pid)).to.equal(undefined);
    expect(await readdir(paths.run)).to.deep.equal([]);
  });

  it('names a taken port and leaves nothing behind', async () => {
    const ports = new Ports();
    const port = await ports.take();
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    expect(await messageOf(startStandIns({ data, port })))
      .to.include(`port ${port} is taken`)
      .and.include('--port');
    other.close();
    ports.close();
    expect(await readdir(join(data, 'run'))).to.deep.equal([]);
  });

  it('tells in one line why a node cannot start, and ends the others', async () => {
    const entries = { api: ['-e', 'console.error("Error: broken"); process.exit(1)'], gateway: ['-e', ''] };
    const message = await messageOf(startStandIns({ data, entries }));
    expect(message).to.match(/^api-\d ended at once: Error: broken \(log: [^\n]+\)$/);
    expect(await readdir(join(data, 'run'))).to.deep.equal([]);
  });

  it('starts again after everything was killed at once', async () => {
    const { child, pids } = await supervisor(data);
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    for (const pid of pids) kill(pid);
    await gone;
    const { origin } = await start();
    expect(await whoAnswers(origin)).to.match(/^api-/);
  });

  it('ends what a killed supervisor left over', async () => {
    const { child, pids } = await supervisor(data);
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    const { origin } = await start();
    expect(await whoAnswers(origin)).to.match(/^api-/);
    for (const pid of pids) await until(async () => (await identify(pid)) === undefined);
  });
});

async function supervisor(data: string): Promise<{ child: ChildProcess; pids: readonly number[] }> {
  const script = join(import.meta.dirname, 'stand-in-cluster.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, data], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, pids: (JSON.parse(line) as { pids: number[] }).pids };
}

/** It may have ended with its supervisor already. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
