import { startHelper } from '../client/calls.ts';
import type { FanOutCalls } from '../client/fan-out.ts';
import { startBareWs } from '../systems/bare-ws.ts';
import { startParley } from '../systems/parley.ts';
import { startSocketIo } from '../systems/socket-io.ts';
import type { FanOutSystem } from '../systems/system.ts';
import { tokensOf, type WorldPlan } from '../world/world.ts';
import type { Bench, Outcome, Scenario } from './bench.ts';
import { connectCall } from './fan-out.ts';
import { ratio } from './figures.ts';

const SOCKETS = 10_000;
const ROOMS = 1_000;
const ROOMS_EACH = 5;
const MOST_KIB = 12;
const KIB = 1_024;
/** A step that spreads a person's rooms over all of them. */
const STEP = 211;

const CROWD: WorldPlan = {
  name: 'crowd',
  people: SOCKETS,
  rooms: ROOMS,
  roomsOf: (person) => Array.from({ length: ROOMS_EACH }, (_, i) => (person + i * STEP) % ROOMS),
};

interface Figures extends Readonly<Record<string, number>> {
  /** KiB of RSS each socket costs. */
  readonly parley: number;
  readonly socketIo: number;
  readonly bareWs: number;
}

export const idle: Scenario<Figures> = {
  title: 'Idle memory',
  about:
    `${SOCKETS.toLocaleString('en-US')} authenticated sockets of as many users in one process, each in ${ROOMS_EACH} of ${ROOMS.toLocaleString('en-US')} rooms, nobody talks: ` +
    '(RSS with them − RSS with none) / their number, both after a forced garbage collection.',

  async once(bench: Bench): Promise<Figures> {
    const { stage } = bench;
    return {
      parley: await measure(bench, await startParley(stage, { gateways: 1 })),
      socketIo: await measure(bench, await startSocketIo(stage, { nodes: 1 })),
      bareWs: await measure(bench, await startBareWs(stage)),
    };
  },

  conclude({ parley, socketIo, bareWs }): Outcome {
    const kib = (value: number): string => `${value.toFixed(1)} KiB`;
    const row = (label: string, value: number): readonly string[] => [
      label,
      kib(value),
      `${ratio(value, socketIo).toFixed(2)}×`,
    ];
    return {
      columns: ['', 'RSS per socket', ''],
      rows: [
        row('Parley', parley),
        row('Socket.IO with its Redis adapter', socketIo),
        row('a loop over `ws`, no authentication', bareWs),
      ],
      verdicts: [{ claim: `at most ${MOST_KIB} KiB`, found: kib(parley), ok: parley <= MOST_KIB }],
    };
  },
};

async function measure(bench: Bench, system: FanOutSystem): Promise<number> {
  bench.note(`idle: ${system.name}`);
  const client = startHelper<FanOutCalls>(new URL('../client/fan-out.ts', import.meta.url));
  try {
    const world = await bench.world(CROWD);
    const [node] = system.nodes;
    if (node === undefined) throw new Error('no node to look at');
    const before = await node.rss();
    await client.call('connect', connectCall(system, { world, tokens: tokensOf(bench.stage, world) }));
    const after = await node.rss();
    const { closed } = await client.call('report', undefined);
    if (closed > 0) throw new Error(`${closed} sockets of ${system.name} closed`);
    return (after - before) / SOCKETS / KIB;
  } finally {
    client.stop();
    await system.stop();
  }
}
