/** Every scenario, in the order in which they run and stand on the page. */
export const SCENARIOS = [
  'fan-out-1',
  'fan-out-2',
  'idle',
  'sends',
  'rooms',
  'load',
  'search',
  'client',
] as const;
export type ScenarioName = (typeof SCENARIOS)[number];
