import { createConnection } from 'node:net';
import type { Cluster } from '../../local/cluster.ts';
import type { Part } from './evidence.ts';
import type { History } from './history.ts';
import type { LinkState } from './link.ts';
import type { RemoteLink } from './links.ts';
import type { Fault } from './schedule.ts';

/** What faults are done to. */
export interface Scene {
  readonly cluster: Cluster;
  readonly links: { readonly clients: RemoteLink; readonly redis: RemoteLink };
  readonly history: History;
}

/** ms one FLUSHALL may take; a Redis that is away has nothing to lose. */
const FLUSH_TIMEOUT = 2_000;
const POLL = 25;
/** ms a restart by SIGTERM or a death may take at the most to be over. */
const RETURN_TIMEOUT = 90_000;
const SLOWNESS = 250;

/** Does `fault` and resolves when it is over: what was killed runs again. Notes the trouble as long as it lasts. */
export async function inflict(scene: Scene, fault: Fault): Promise<void> {
  switch (fault.kind) {
    case 'kill':
      return end(scene, fault.process, 'SIGKILL');
    case 'restart':
      return end(scene, fault.process, 'SIGTERM');
    case 'roll':
      return roll(scene);
    case 'pause':
      return pause(scene, fault.process, fault.ms);
    case 'flush':
      return flush(scene);
    case 'scale':
      return scene.cluster.scale({ [fault.what]: fault.to });
    case 'link':
      return strain(scene, fault.of, stateOf(fault.how), fault.ms);
    case 'drop':
      await scene.links[fault.of].drop(2);
      scene.history.trouble(fault.of === 'redis' ? 'redis' : 'links', false, 'dropped')();
      return;
  }
}

async function end({ cluster, history }: Scene, name: string, signal: NodeJS.Signals): Promise<void> {
  const victim = cluster.processes.find(({ spec }) => spec.name === name);
  if (victim === undefined) return;
  const over = history.trouble(partOf(name), true, name);
  try {
    const { identity } = victim;
    await victim.kill(signal);
    const deadline = performance.now() + RETURN_TIMEOUT;
    // Drained and gone, then back.
    while (!(victim.isRunning && victim.identity?.started !== identity?.started)) {
      if (performance.now() > deadline) throw new Error(`${name} does not come back`);
      if (!cluster.processes.includes(victim)) return; // scaled away meanwhile
      await sleep(POLL);
    }
  } finally {
    over();
  }
}

async function roll(scene: Scene): Promise<void> {
  const nodes = scene.cluster.processes
    .map(({ spec }) => spec.name)
    .filter((name) => /^(api|gateway)-/.test(name));
  for (const name of nodes) await end(scene, name, 'SIGTERM');
}

async function pause({ cluster, history }: Scene, name: string, ms: number): Promise<void> {
  const pid = cluster.processes.find(({ spec }) => spec.name === name)?.identity?.pid;
  if (pid === undefined) return;
  const over = history.trouble(partOf(name), false, name);
  const whole = name === 'nginx' ? -pid : pid;
  signal(whole, 'SIGSTOP');
  await sleep(ms);
  signal(whole, 'SIGCONT');
  over();
}

/** Killed while it was paused, it is gone: nothing to do. A negative pid is its group, workers included. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function strain(
  { links, history }: Scene,
  of: 'clients' | 'redis',
  state: LinkState,
  ms: number,
): Promise<void> {
  const over = history.trouble(of === 'redis' ? 'redis' : 'links', false, state.name);
  await links[of].set(state);
  await sleep(ms);
  await links[of].set({ name: 'well' });
  over();
}

function stateOf(how: 'cut' | 'stall' | 'slow'): LinkState {
  if (how === 'cut') return { name: 'cut' };
  return how === 'stall' ? { name: 'stalled' } : { name: 'slow', delay: SLOWNESS };
}

function partOf(name: string): Part {
  if (name.startsWith('api-')) return 'api';
  if (name.startsWith('gateway-')) return 'gateway';
  if (name === 'nginx' || name === 'redis') return name;
  return 'store';
}

async function flush({ cluster, history }: Scene): Promise<void> {
  await flushAll(cluster.redisUrl);
  history.trouble('redis', true, 'flushed')();
}

function flushAll(url: string): Promise<void> {
  const { hostname, port, password } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: hostname, port: Number(port) });
    const finish = (error?: Error): void => {
      socket.destroy();
      if (error === undefined) resolve();
      else reject(error);
    };
    socket.setTimeout(FLUSH_TIMEOUT, () => finish(new Error('Redis does not answer')));
    socket.once('error', finish);
    let answer = '';
    socket.on('data', (data) => {
      answer += data.toString('latin1');
      if (answer === '+OK\r\n+OK\r\n') finish();
      else if (answer.includes('-')) finish(new Error(answer.trim()));
    });
    socket.write(`AUTH ${password}\r\nFLUSHALL\r\n`);
  });
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
