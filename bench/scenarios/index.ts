import type { Outcome, Scenario } from './bench.ts';
import { client } from './client.ts';
import { fanOut1 } from './fan-out-1.ts';
import { fanOut2 } from './fan-out-2.ts';
import { idle } from './idle.ts';
import { load } from './load.ts';
import type { ScenarioName } from './names.ts';
import { rooms } from './rooms.ts';
import { search } from './search.ts';
import { sends } from './sends.ts';

/** A scenario whose figures only itself reads. */
type AnyScenario = Omit<Scenario, 'conclude'> & { conclude(medians: never): Outcome };

export const scenarios: Readonly<Record<ScenarioName, AnyScenario>> = {
  'fan-out-1': fanOut1,
  'fan-out-2': fanOut2,
  idle,
  sends,
  rooms,
  load,
  search,
  client,
};
