import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Analysis } from '../profile/analyse.ts';
import { summarise } from '../profile/table.ts';
import { startParley } from '../systems/parley.ts';
import { tokensOf } from '../world/world.ts';
import type { Bench } from './bench.ts';
import { measureFanOut } from './fan-out.ts';
import { ONE_ROOM } from './fan-out-1.ts';
import { profiled, type Profiling } from './profiling.ts';
import { measureRest, measureSocket } from './sending.ts';

/** Messages a second to a room of 1,000 that keep a gateway busy. */
const SATURATION = 900;
const WARM_UP = { rate: SATURATION, seconds: 2 };

/** Where the time of one process went while it was as busy as it could be. */
export interface ProfileTable {
  readonly title: string;
  /** Share of the time in which it was busy at all, 0 to 1. */
  readonly busy: number;
  readonly rows: readonly { readonly name: string; readonly share: number }[];
}

/** Profiles a gateway that fans out, and an API node that stores what comes over REST and over sockets. */
export async function profileAll(bench: Bench, folder: string): Promise<readonly ProfileTable[]> {
  await rm(folder, { recursive: true, force: true });
  const into = async (
    name: string,
    measure: (profiling: Profiling) => Promise<unknown>,
  ): Promise<readonly Analysis[]> => {
    bench.note(`profile: ${name}`);
    const own = join(folder, name);
    await mkdir(own, { recursive: true });
    return await profiled(own, measure);
  };
  const [fanOut] = await into('fan-out', (profiling) => fanOutSaturated(bench, profiling));
  const [rest] = await into('rest', (profiling) => measureRest(bench, profiling));
  const [api, gateway] = await into('socket', (profiling) => measureSocket(bench, profiling));
  return [
    tableOf('A gateway that fans out', fanOut),
    tableOf('An API node, sends over REST', rest),
    tableOf('An API node, sends over the socket', api),
    tableOf('A gateway, sends over the socket', gateway),
  ];
}

async function fanOutSaturated(bench: Bench, profiling: Profiling): Promise<void> {
  const system = await startParley(bench.stage, { gateways: 1, profileTo: profiling.folder });
  try {
    const world = await bench.world(ONE_ROOM);
    const tokens = tokensOf(bench.stage, world);
    const load = { world, tokens, rate: SATURATION, seconds: bench.options.seconds, warmUp: WARM_UP };
    await measureFanOut(system, load, profiling);
  } finally {
    await system.stop();
  }
}

function tableOf(title: string, analysis: Analysis | undefined): ProfileTable {
  if (analysis === undefined) throw new Error(`no profile: ${title}`);
  const rows = summarise(analysis).map(({ name, share }) => ({ name, share }));
  return { title, busy: analysis.busy / analysis.total, rows };
}
