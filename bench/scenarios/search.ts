import { percentile } from '../measure/stats.ts';
import { PARLEY_DATABASE, startParley } from '../systems/parley.ts';
import { seedMessages } from '../world/messages.ts';
import { createRandom } from '../world/random.ts';
import { tokensOf, type WorldPlan } from '../world/world.ts';
import type { Bench, Outcome, Scenario } from './bench.ts';
import { milliseconds } from './figures.ts';
import { QUESTIONS, type QuestionName } from './search-questions.ts';

const PEOPLE = 200;
const ROOMS = 400;
/** Rooms that each person is in. */
const ROOMS_OF_ONE = 80;
/** Times that each question is asked, by one person after the other, with other words each time. */
const ASKED = 200;
/** Asked before that and not counted: an API node compiles its code as it runs. */
const WARM_UP = 10;
const MOST_P95 = 250;
const SEED = 7;

type Figures = Readonly<Record<`${QuestionName}.${'p50' | 'p95' | 'max'}` | 'messages', number>>;

const plan: WorldPlan = {
  name: 'search',
  people: PEOPLE,
  rooms: ROOMS,
  // Every fifth, each person beginning at another: everybody shares rooms with everybody.
  roomsOf: (person) =>
    Array.from({ length: ROOMS_OF_ONE }, (_, i) => (person + i * (ROOMS / ROOMS_OF_ONE)) % ROOMS),
};

export const search: Scenario<Figures> = {
  title: 'Search',
  about: `A year of messages of 12 words in ${ROOMS} rooms, a few of which have most; ${PEOPLE} people, each in ${ROOMS_OF_ONE} of them, search one after the other, over REST through one API node: from the request to the last byte of a page of 30.`,
  mostRuns: 1,

  async once(bench: Bench): Promise<Figures> {
    const { messages } = bench.options;
    const world = await bench.world(plan);
    await seedMessages(bench.stage.database(PARLEY_DATABASE), world, messages, bench.note);
    const system = await startParley(bench.stage, { gateways: 0 });
    try {
      const tokens = tokensOf(bench.stage, world);
      const origin = `http://127.0.0.1:${system.api[0]?.port ?? 0}`;
      const random = createRandom(SEED);
      const figures: Record<string, number> = { messages };
      for (const [name, question] of Object.entries(QUESTIONS)) {
        const times: number[] = [];
        for (let i = 0; i < WARM_UP + ASKED; i++) {
          const person = i % PEOPLE;
          const query = question({ random, world, person });
          const ms = await ask(`${origin}/api/v1/search?${query.toString()}&limit=30`, tokens[person] ?? '');
          if (i >= WARM_UP) times.push(ms);
        }
        times.sort((a, b) => a - b);
        figures[`${name}.p50`] = percentile(times, 0.5);
        figures[`${name}.p95`] = percentile(times, 0.95);
        figures[`${name}.max`] = percentile(times, 1);
        bench.note(`${name}: p95 ${milliseconds(figures[`${name}.p95`] ?? NaN)} ms`);
      }
      return figures as Figures;
    } finally {
      await system.stop();
    }
  },

  conclude(figures): Outcome {
    const names = Object.keys(QUESTIONS) as QuestionName[];
    const worst = Math.max(...names.map((name) => figures[`${name}.p95`]));
    return {
      columns: [`${figures.messages.toLocaleString('en-US')} messages`, 'p50', 'p95', 'slowest'],
      rows: names.map((name) => [
        name,
        `${milliseconds(figures[`${name}.p50`])} ms`,
        `${milliseconds(figures[`${name}.p95`])} ms`,
        `${milliseconds(figures[`${name}.max`])} ms`,
      ]),
      verdicts: [
        {
          claim: `p95 of every kind of search at most ${MOST_P95} ms`,
          found: `${milliseconds(worst)} ms`,
          ok: worst <= MOST_P95,
        },
      ],
    };
  },
};

/** ms until the answer was read; throws where it is no answer. */
async function ask(url: string, token: string): Promise<number> {
  const since = performance.now();
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`a search was answered with ${response.status}: ${text}`);
  return performance.now() - since;
}
