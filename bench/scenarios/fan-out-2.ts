import { startParley } from '../systems/parley.ts';
import { startSocketIo } from '../systems/socket-io.ts';
import type { FanOutSystem } from '../systems/system.ts';
import { tokensOf, type WorldPlan } from '../world/world.ts';
import type { Bench, Outcome, Scenario } from './bench.ts';
import { measureFanOut, type FanOutFigures } from './fan-out.ts';
import {
  fanOutRow,
  FAN_OUT_COLUMNS,
  milliseconds,
  nothingLost,
  prefixed,
  ratio,
  type Prefixed,
} from './figures.ts';

const SOCKETS = 2_000;
const ROOMS = 20;
const RATE = 100;
/** 6,000 messages, which take an hour at a real room's pace: after a few hundred, V8 still interprets most of either system. */
const WARM_UP = { rate: 400, seconds: 15 };
const NODES = 2;
const MOST_CPU = 0.75;

const TWENTY_ROOMS: WorldPlan = {
  name: 'twenty-rooms',
  people: SOCKETS,
  rooms: ROOMS,
  // Blocks, so that each room's members are on both nodes.
  roomsOf: (person) => [Math.floor((person * ROOMS) / SOCKETS)],
};

type Figures = Prefixed<'parley' | 'socketIo', keyof FanOutFigures>;

export const fanOut2: Scenario<Figures> = {
  title: 'Several rooms, two nodes',
  about: `${SOCKETS} sockets in ${ROOMS} rooms of ${SOCKETS / ROOMS}, ${RATE} messages a second in total, ${NODES} gateways (${NODES} Socket.IO nodes).`,

  async once(bench: Bench): Promise<Figures> {
    const { stage } = bench;
    return {
      ...prefixed('parley', await measure(bench, await startParley(stage, { gateways: NODES }))),
      ...prefixed('socketIo', await measure(bench, await startSocketIo(stage, { nodes: NODES }))),
    };
  },

  conclude(figures): Outcome {
    const cpu = ratio(figures['parley.micros'], figures['socketIo.micros']);
    const [ours, theirs] = [figures['parley.p50'], figures['socketIo.p50']];
    return {
      columns: FAN_OUT_COLUMNS,
      rows: [
        fanOutRow('Parley', 'parley', figures),
        fanOutRow('Socket.IO with its Redis adapter', 'socketIo', figures),
      ],
      verdicts: [
        {
          claim: `CPU per delivery at most ${MOST_CPU}× that of Socket.IO`,
          found: `${cpu.toFixed(2)}×`,
          ok: cpu <= MOST_CPU,
        },
        {
          claim: 'p50 no worse than that of Socket.IO',
          found: `${milliseconds(ours)} ms, Socket.IO ${milliseconds(theirs)} ms`,
          ok: ours <= theirs,
        },
        nothingLost(figures['parley.lost'], figures['parley.disordered']),
      ],
    };
  },
};

async function measure(bench: Bench, system: FanOutSystem): Promise<FanOutFigures> {
  bench.note(`twenty rooms: ${system.name}`);
  try {
    const world = await bench.world(TWENTY_ROOMS);
    const tokens = tokensOf(bench.stage, world);
    const { seconds } = bench.options;
    return await measureFanOut(system, { world, tokens, rate: RATE, seconds, warmUp: WARM_UP });
  } finally {
    await system.stop();
  }
}
