import { startHelper } from '../client/calls.ts';
import type { HttpSendCalls } from '../client/http-sender.ts';
import type { SendReport, SendTimes } from '../client/send-report.ts';
import type { SocketSendCalls } from '../client/socket-sender.ts';
import { startExpress, type ExpressOptions } from '../systems/express-naive.ts';
import { PARLEY_DATABASE, startParley } from '../systems/parley.ts';
import type { Measured } from '../stage/processes.ts';
import { seedNaiveRooms, tokensOf, type World, type WorldPlan } from '../world/world.ts';
import { nowMicros } from '../measure/clock.ts';
import type { Bench } from './bench.ts';
import type { Profiling } from './profiling.ts';

export const CALLERS = 128;
const SOCKETS = 64;
/** Sends under way on each socket; a gateway takes 64. */
const DEPTH = 16;
const WARM_UP = 6;

/** Rooms of two, as direct messages are: each caller writes to one of their own. */
export const PAIRS: WorldPlan = {
  name: 'pairs',
  people: CALLERS * 2,
  rooms: CALLERS,
  roomsOf: (person) => [person % CALLERS],
};

export interface SendFigures {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly refused: number;
  /** Acknowledged, but not in the store. */
  readonly missing: number;
  /** µs of CPU a send, of the server processes. */
  readonly micros: number;
}

/** The naive baseline, its rooms seeded the first time. */
export async function measureExpress(bench: Bench, options: ExpressOptions): Promise<SendFigures> {
  const { stage } = bench;
  const world = await bench.world(PAIRS);
  const db = stage.database(options.database);
  if ((await db.collection('rooms').countDocuments()) === 0) await seedNaiveRooms(db, world);
  const system = await startExpress(stage, options);
  const [node] = system.nodes;
  const count = (): Promise<number> => db.collection('messages').countDocuments();
  try {
    const send = (): Promise<SendReport> =>
      overHttp(node?.port ?? 0, callersOf(world, tokensOf(stage, world), ''), timesOf(bench));
    return await measured(bench, system.nodes, count, send);
  } finally {
    await system.stop();
  }
}

/** One API node over REST. */
export async function measureRest(bench: Bench, profiling?: Profiling): Promise<SendFigures> {
  const { stage } = bench;
  const parley = await startParley(stage, { gateways: 0, profileTo: profiling?.folder });
  const [node] = parley.api;
  try {
    const world = await bench.world(PAIRS);
    const callers = callersOf(world, tokensOf(stage, world), '/api/v1');
    const send = (): Promise<SendReport> => overHttp(node?.port ?? 0, callers, timesOf(bench));
    return await measured(bench, parley.api, () => storedOf(bench), send, profiling);
  } finally {
    await parley.stop();
  }
}

/** One gateway and one API node over sockets. */
export async function measureSocket(bench: Bench, profiling?: Profiling): Promise<SendFigures> {
  const { stage } = bench;
  const parley = await startParley(stage, { gateways: 1, profileTo: profiling?.folder });
  const [gateway] = parley.nodes;
  const helper = startHelper<SocketSendCalls>(new URL('../client/socket-sender.ts', import.meta.url));
  try {
    const world = await bench.world(PAIRS);
    const tokens = tokensOf(stage, world);
    const senders = world.people
      .slice(0, SOCKETS)
      .map(({ rooms }, i) => ({ room: rooms[0] ?? '', token: tokens[i] ?? '' }));
    const origin = `ws://127.0.0.1:${gateway?.port ?? 0}`;
    const send = (): Promise<SendReport> =>
      helper.call('send', { origin, senders, depth: DEPTH, ...timesOf(bench) });
    return await measured(bench, [...parley.api, ...parley.nodes], () => storedOf(bench), send, profiling);
  } finally {
    helper.stop();
    await parley.stop();
  }
}

const timesOf = ({ options }: Bench): SendTimes => ({ warmUp: WARM_UP, seconds: options.seconds });

/** Messages in the store, to be compared with what was acknowledged. */
async function storedOf({ stage }: Bench): Promise<number> {
  return await stage.database(PARLEY_DATABASE).collection('log').countDocuments({ kind: 'text' });
}

const callersOf = (
  { people }: World,
  tokens: readonly string[],
  prefix: string,
): readonly { readonly path: string; readonly token: string }[] =>
  people.slice(0, CALLERS).map(({ rooms }, i) => ({
    path: `${prefix}/rooms/${rooms[0] ?? ''}/messages`,
    token: tokens[i] ?? '',
  }));

async function overHttp(
  port: number,
  callers: readonly { readonly path: string; readonly token: string }[],
  times: SendTimes,
): Promise<SendReport> {
  const helper = startHelper<HttpSendCalls>(new URL('../client/http-sender.ts', import.meta.url));
  try {
    return await helper.call('send', { port, callers, ...times });
  } finally {
    helper.stop();
  }
}

/** Sends, and counts what is in the store before and after. */
async function measured(
  bench: Bench,
  nodes: readonly Measured[],
  count: () => Promise<number>,
  send: () => Promise<SendReport>,
  profiling?: Profiling,
): Promise<SendFigures> {
  const [cpuBefore, storedBefore] = [await cpuOf(nodes), await count()];
  const started = nowMicros();
  const { perSecond, p50, p99, refused, reasons, total } = await send();
  if (refused > 0) bench.note(`refused: ${JSON.stringify(reasons)}`);
  const pids = nodes.map(({ pid }) => pid);
  profiling?.onSpan({
    span: { from: started + WARM_UP * 1_000_000, to: nowMicros() },
    pids,
    operations: total,
  });
  const cpu = (await cpuOf(nodes)) - cpuBefore;
  const stored = (await count()) - storedBefore;
  return { perSecond, p50, p99, refused, missing: Math.max(0, total - stored), micros: cpu / total };
}

async function cpuOf(nodes: readonly Measured[]): Promise<number> {
  const each = await Promise.all(nodes.map((node) => node.cpu()));
  return each.reduce((sum, micros) => sum + micros, 0);
}
