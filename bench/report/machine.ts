import { cpus, release, totalmem } from 'node:os';
import type { Stage } from '../stage/stage.ts';

/** Where figures come from; nothing that names the machine. */
export interface Machine {
  readonly cores: number;
  readonly cpu: string;
  readonly memoryGiB: number;
  readonly node: string;
  readonly kernel: string;
  readonly redis: string;
  readonly store: string;
}

const GIB = 1024 ** 3;

export async function describeMachine(stage: Stage): Promise<Machine> {
  const processors = cpus();
  return {
    cores: processors.length,
    cpu: processors[0]?.model.trim() ?? 'unknown',
    memoryGiB: Math.round(totalmem() / GIB),
    node: process.version,
    kernel: `${process.platform} ${release()}`,
    redis: /^redis_version:(\S+)/m.exec(await stage.redis.info('server'))?.[1] ?? 'unknown',
    store: stage.about,
  };
}
