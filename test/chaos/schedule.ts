import { between, oneOf, type Random } from './random.ts';

/** Something bad that happens to a running cluster; names are those of its processes. */
export type Fault =
  | { readonly kind: 'kill'; readonly process: string }
  | { readonly kind: 'pause'; readonly process: string; readonly ms: number }
  | { readonly kind: 'flush' }
  | { readonly kind: 'scale'; readonly gateways: number };

export interface PlannedFault {
  /** ms from the start of the traffic. */
  readonly at: number;
  readonly fault: Fault;
}

const FIRST = 4_000;
const GAP = [2_000, 9_000] as const;
const NODES = ['api-1', 'api-2', 'gateway-1', 'gateway-2'] as const;
const ALL = [...NODES, 'nginx', 'redis'] as const;
const LONGEST_PAUSE = 30_000;
/** NGINX and Redis stop everyone, so they are stopped for less. */
const LONGEST_SHARED_PAUSE = 12_000;

/** The faults of one run, ascending by time; all of them, pauses included, are over after `duration` ms. */
export function plan(random: Random, duration: number): readonly PlannedFault[] {
  const faults: PlannedFault[] = [];
  let gateways = 2;
  for (let at = FIRST; at < duration - 1_000; at += between(random, ...GAP)) {
    const fault = choose(random, duration - at, gateways);
    if (fault.kind === 'scale') gateways = fault.gateways;
    faults.push({ at, fault });
  }
  return faults;
}

function choose(random: Random, left: number, gateways: number): Fault {
  const dice = random();
  if (dice < 0.5) return { kind: 'kill', process: oneOf(random, ALL) };
  if (dice < 0.62) return { kind: 'flush' };
  if (dice < 0.72) return { kind: 'scale', gateways: gateways === 2 ? 3 : 2 };
  const process = oneOf(random, ALL);
  const isNode = NODES.some((name) => name === process);
  const longest = Math.min(left, isNode ? LONGEST_PAUSE : LONGEST_SHARED_PAUSE);
  return { kind: 'pause', process, ms: between(random, Math.min(500, longest), longest) };
}
