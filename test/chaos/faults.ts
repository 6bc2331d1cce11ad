import { createConnection } from 'node:net';
import type { Cluster } from '../../local/cluster.ts';
import type { Fault } from './schedule.ts';

/** ms one FLUSHALL may take; a Redis that is away has nothing to lose. */
const FLUSH_TIMEOUT = 2_000;

/** Does `fault` to the cluster and resolves when it is over; a killed process comes back by itself. */
export async function inflict(cluster: Cluster, fault: Fault): Promise<void> {
  switch (fault.kind) {
    case 'kill':
      return cluster.kill(fault.process, 'SIGKILL');
    case 'pause':
      return pause(cluster, fault.process, fault.ms);
    case 'flush':
      return flush(cluster.redisUrl);
    case 'scale':
      return cluster.scale({ gateways: fault.gateways });
  }
}

async function pause(cluster: Cluster, name: string, ms: number): Promise<void> {
  const pid = cluster.process(name).identity?.pid;
  if (pid === undefined) return;
  const whole = name === 'nginx' ? -pid : pid;
  signal(whole, 'SIGSTOP');
  await new Promise((resolve) => setTimeout(resolve, ms));
  signal(whole, 'SIGCONT');
}

/** Killed while it was paused, it is gone: nothing to do. A negative pid is its group, workers included. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function flush(url: string): Promise<void> {
  const { hostname, port, password } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: hostname, port: Number(port) });
    const end = (error?: Error): void => {
      socket.destroy();
      if (error === undefined) resolve();
      else reject(error);
    };
    socket.setTimeout(FLUSH_TIMEOUT, () => end(new Error('Redis does not answer')));
    socket.once('error', end);
    let answer = '';
    socket.on('data', (data) => {
      answer += data.toString('latin1');
      if (answer === '+OK\r\n+OK\r\n') end();
      else if (answer.includes('-')) end(new Error(answer.trim()));
    });
    socket.write(`AUTH ${password}\r\nFLUSHALL\r\n`);
  });
}
