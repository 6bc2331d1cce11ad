import type { WorldPlan } from '../world/world.ts';
import { tokensOf } from '../world/world.ts';
import { startBareWs } from '../systems/bare-ws.ts';
import { startParley } from '../systems/parley.ts';
import { startSocketIo } from '../systems/socket-io.ts';
import type { FanOutSystem } from '../systems/system.ts';
import type { Bench, Outcome, Scenario } from './bench.ts';
import { measureFanOut, type FanOutFigures } from './fan-out.ts';
import { fanOutRow, FAN_OUT_COLUMNS, nothingLost, prefixed, ratio, type Prefixed } from './figures.ts';

const SOCKETS = 1_000;
const RATE = 300;
/** A rate that each of the systems can follow. */
const WARM_UP = { rate: 80, seconds: 2 };
const MOST_CPU = 0.25;
const MOST_P99 = 60;

export const ONE_ROOM: WorldPlan = { name: 'one-room', people: SOCKETS, rooms: 1, roomsOf: () => [0] };

type Figures = Prefixed<'parley' | 'socketIo' | 'bareWs', keyof FanOutFigures>;

export const fanOut1: Scenario<Figures> = {
  title: 'One large room',
  about: `One room of ${SOCKETS} sockets, ${RATE} messages a second, one gateway (one node, one process).`,

  async once(bench: Bench): Promise<Figures> {
    const { stage } = bench;
    return {
      ...prefixed('parley', await measure(bench, await startParley(stage, { gateways: 1 }))),
      ...prefixed('socketIo', await measure(bench, await startSocketIo(stage, { nodes: 1 }))),
      ...prefixed('bareWs', await measure(bench, await startBareWs(stage))),
    };
  },

  conclude(figures): Outcome {
    const cpu = ratio(figures['parley.micros'], figures['socketIo.micros']);
    const { 'parley.p99': p99, 'parley.lost': lost, 'parley.disordered': disordered } = figures;
    return {
      columns: FAN_OUT_COLUMNS,
      rows: [
        fanOutRow('Parley', 'parley', figures),
        fanOutRow('Socket.IO with its Redis adapter', 'socketIo', figures),
        fanOutRow('a loop over `ws`, the floor', 'bareWs', figures),
      ],
      verdicts: [
        {
          claim: `CPU per delivery at most ${MOST_CPU}× that of Socket.IO`,
          found: `${cpu.toFixed(2)}×`,
          ok: cpu <= MOST_CPU,
        },
        { claim: `p99 at most ${MOST_P99} ms`, found: `${p99.toFixed(0)} ms`, ok: p99 <= MOST_P99 },
        nothingLost(lost, disordered),
      ],
    };
  },
};

async function measure(bench: Bench, system: FanOutSystem): Promise<FanOutFigures> {
  bench.note(`one room: ${system.name}`);
  try {
    const world = await bench.world(ONE_ROOM);
    const tokens = tokensOf(bench.stage, world);
    const { seconds } = bench.options;
    return await measureFanOut(system, { world, tokens, rate: RATE, seconds, warmUp: WARM_UP });
  } finally {
    await system.stop();
  }
}
