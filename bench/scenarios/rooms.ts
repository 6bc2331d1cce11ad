import { spread } from '../measure/stats.ts';
import { startParley } from '../systems/parley.ts';
import { tokensOf, type WorldPlan } from '../world/world.ts';
import type { Bench, Outcome, Scenario } from './bench.ts';
import { measureFanOut, type FanOutFigures } from './fan-out.ts';
import { milliseconds, prefixed, type Prefixed } from './figures.ts';

const SOCKETS = 2_000;
const DEVICES = 20;
const PEOPLE = SOCKETS / DEVICES;
/** People in a room. */
const MEMBERS = 20;
/** Low enough for each message to leave in writes of its own: gathering would hide what a room costs. */
const RATE = 75;
const WARM_UP = { rate: 100, seconds: 25 };
/** s: as often as gateways read all room lists again, so that no measurement is without that and none has it twice. */
const SECONDS = 25;

const ROOMS = [10, 1_000, 10_000] as const;
const GATEWAYS = [1, 2] as const;
const MOST_SPREAD = 0.25;

type Count = (typeof ROOMS)[number];
type Nodes = (typeof GATEWAYS)[number];
type Figures = Prefixed<`${Count}x${Nodes}`, keyof FanOutFigures>;

export const rooms: Scenario<Figures> = {
  title: 'More rooms, more gateways',
  about: `${SOCKETS.toLocaleString('en-US')} sockets, rooms that ${MEMBERS * DEVICES} of them are in, ${RATE.toLocaleString('en-US')} messages a second in total: the same deliveries, whatever the number of rooms and gateways.`,

  async once(bench: Bench): Promise<Figures> {
    const figures: Partial<Record<keyof Figures, number>> = {};
    for (const count of ROOMS)
      for (const gateways of GATEWAYS)
        Object.assign(figures, prefixed(`${count}x${gateways}`, await measure(bench, count, gateways)));
    return figures as Figures;
  },

  conclude(figures): Outcome {
    const combinations = ROOMS.flatMap((count) => GATEWAYS.map((gateways) => [count, gateways] as const));
    const value = (count: Count, gateways: Nodes, name: keyof FanOutFigures): number =>
      figures[`${count}x${gateways}`.concat('.', name) as keyof Figures];
    const costs = combinations.map(([count, gateways]) => value(count, gateways, 'micros'));
    const lost = combinations.reduce((sum, [count, gateways]) => sum + value(count, gateways, 'lost'), 0);
    return {
      columns: ['rooms', 'gateways', 'CPU per delivery', 'p50', 'p99', 'lost'],
      rows: combinations.map(([count, gateways]) => [
        count.toLocaleString('en-US'),
        String(gateways),
        `${value(count, gateways, 'micros').toFixed(2)} µs`,
        `${milliseconds(value(count, gateways, 'p50'))} ms`,
        `${milliseconds(value(count, gateways, 'p99'))} ms`,
        String(value(count, gateways, 'lost')),
      ]),
      verdicts: [
        {
          claim: `CPU per delivery within ${MOST_SPREAD * 100} % of each other`,
          found: `${(spread(costs) * 100).toFixed(0)} %`,
          ok: spread(costs) <= MOST_SPREAD,
        },
        { claim: 'nothing lost', found: `${lost} lost`, ok: lost === 0 },
      ],
    };
  },
};

/** Each room's members follow one another on the circle of people, and the rooms begin evenly around it. */
const planOf = (count: Count): WorldPlan => ({
  name: `rooms-${count}`,
  people: PEOPLE,
  rooms: count,
  roomsOf: (person) => {
    const mine: number[] = [];
    for (let room = 0; room < count; room++) {
      const first = Math.floor((room * PEOPLE) / count);
      if ((person - first + PEOPLE) % PEOPLE < MEMBERS) mine.push(room);
    }
    return mine;
  },
});

async function measure(bench: Bench, count: Count, gateways: Nodes): Promise<FanOutFigures> {
  bench.note(`${count} rooms, ${gateways} gateway(s)`);
  const world = await bench.world(planOf(count));
  const system = await startParley(bench.stage, { gateways });
  try {
    const tokens = tokensOf(bench.stage, world);
    const load = { rate: RATE, seconds: SECONDS, warmUp: WARM_UP };
    return await measureFanOut(system, { world, tokens, devices: DEVICES, ...load });
  } finally {
    await system.stop();
  }
}
