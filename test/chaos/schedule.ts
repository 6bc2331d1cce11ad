import { between, oneOf, type Random } from './random.ts';

/** Something bad that happens to a running cluster; names are those of its processes. */
export type Fault =
  | { readonly kind: 'kill'; readonly process: string }
  /** SIGTERM, as an operator who restarts it. */
  | { readonly kind: 'restart'; readonly process: string }
  /** SIGTERM to all nodes, one after the other, each once the one before is back. */
  | { readonly kind: 'roll' }
  | { readonly kind: 'pause'; readonly process: string; readonly ms: number }
  | { readonly kind: 'flush' }
  | { readonly kind: 'scale'; readonly what: 'api' | 'gateways'; readonly to: number }
  /** `clients`: between half of them and NGINX; `redis`: between all nodes and Redis. */
  | {
      readonly kind: 'link';
      readonly of: 'clients' | 'redis';
      readonly how: 'cut' | 'stall' | 'slow';
      readonly ms: number;
    }
  /** Every other connection breaks; all may come back at once. */
  | { readonly kind: 'drop'; readonly of: 'clients' | 'redis' };

export interface PlannedFault {
  /** ms from the start of the traffic. */
  readonly at: number;
  readonly fault: Fault;
}

/** The fault in words. */
export const describe = (fault: Fault): string => Object.values(fault).join(' ');

const FIRST = 3_000;
/** Faults come in storms; in the calm behind each it shows whether all is delivered by itself. */
const STORM = [45_000, 90_000] as const;
const CALM = 20_000;
const GAP = [1_500, 6_000] as const;
const NODES = ['api-1', 'api-2', 'gateway-1', 'gateway-2'] as const;
const KILLED = [...NODES, ...NODES, 'nginx', 'redis', 'redis', 'mongodb'] as const;
const PAUSED = [...NODES, ...NODES, 'nginx', 'redis', 'mongodb'] as const;
const LONGEST_PAUSE = 60_000;
/** What is behind all nodes stops everyone, so it is stopped for less. */
const LONGEST_SHARED_PAUSE = 12_000;
const LONGEST_STORE_PAUSE = 30_000;
const LONGEST_LINK = 10_000;

/** The faults of one run, ascending by time; all of them, pauses included, are over when their storm is. */
export function plan(random: Random, duration: number): readonly PlannedFault[] {
  const faults: PlannedFault[] = [];
  const nodes = { api: 2, gateways: 2 };
  let start = FIRST;
  while (start < duration - CALM / 2) {
    const end = Math.min(start + between(random, ...STORM), Math.max(start + 1, duration - CALM));
    for (let at = start; at < end; at += between(random, ...GAP))
      faults.push({ at, fault: choose(random, Math.max(500, end - at), nodes) });
    start = end + CALM;
  }
  return faults;
}

function choose(random: Random, left: number, nodes: { api: number; gateways: number }): Fault {
  const dice = random();
  if (dice < 0.33) return { kind: 'kill', process: oneOf(random, KILLED) };
  if (dice < 0.38) return { kind: 'restart', process: oneOf(random, NODES) };
  if (dice < 0.41) return { kind: 'roll' };
  if (dice < 0.5) return { kind: 'flush' };
  if (dice < 0.58) return scale(random, nodes);
  if (dice < 0.72) return link(random, left);
  return pause(random, left);
}

function scale(random: Random, nodes: { api: number; gateways: number }): Fault {
  const what = oneOf(random, ['api', 'gateways'] as const);
  nodes[what] = nodes[what] === 2 ? 3 : 2;
  return { kind: 'scale', what, to: nodes[what] };
}

function link(random: Random, left: number): Fault {
  const of = oneOf(random, ['clients', 'redis'] as const);
  const how = oneOf(random, ['drop', 'cut', 'stall', 'slow'] as const);
  if (how === 'drop') return { kind: 'drop', of };
  return { kind: 'link', of, how, ms: between(random, 300, Math.max(300, Math.min(left, LONGEST_LINK))) };
}

function pause(random: Random, left: number): Fault {
  const process = oneOf(random, PAUSED);
  const longest = Math.min(left, longestPause(random, process));
  return { kind: 'pause', process, ms: between(random, Math.min(500, longest), longest) };
}

/** Most pauses are short, because a node that is away for a minute takes part in nothing. */
function longestPause(random: Random, process: string): number {
  if (process === 'mongodb') return LONGEST_STORE_PAUSE;
  const isNode = NODES.some((name) => name === process);
  if (!isNode) return LONGEST_SHARED_PAUSE;
  return random() < 0.3 ? LONGEST_PAUSE : LONGEST_SHARED_PAUSE;
}
