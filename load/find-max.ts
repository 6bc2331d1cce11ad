/** One step of the search: what was asked for and what came out. */
export interface Step {
  /** Messages a second, asked for. */
  readonly rate: number;
  /** Acknowledged a second. */
  readonly acked: number;
  readonly deliveries: number;
  /** ms. */
  readonly p50: number;
  readonly p99: number;
  /** Of the intended sends, in percent. */
  readonly errors: number;
  readonly ok: boolean;
  /** What broke; '' where nothing did. */
  readonly why: string;
}

const GROWTH = 1.5;
/** Halvings of the stretch between the highest rate that held and the lowest that did not. */
const HALVINGS = 4;
const MAX_STEPS = 30;

/**
 * The highest rate that holds, by trying: up by half until one breaks, then in halves between. Gives 0 where the first
 * breaks and nothing below it down to a tenth holds.
 */
export async function findMax(
  first: number,
  attempt: (rate: number) => Promise<Step | undefined>,
): Promise<number> {
  let [held, broken] = [0, Infinity];
  let halvings = 0;
  for (let steps = 0; steps < MAX_STEPS && halvings < HALVINGS; steps++) {
    const rate = next(first, held, broken);
    if (broken !== Infinity && held > 0) halvings += 1;
    if (rate < first / 10) break;
    const step = await attempt(rate);
    if (step === undefined) break;
    if (step.ok) held = rate;
    else broken = rate;
  }
  return held;
}

function next(first: number, held: number, broken: number): number {
  if (broken === Infinity) return held === 0 ? first : Math.round(held * GROWTH * 10) / 10;
  if (held === 0) return Math.round((broken / 2) * 10) / 10;
  return Math.round(((held + broken) / 2) * 10) / 10;
}
