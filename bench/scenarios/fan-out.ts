import { startHelper } from '../client/calls.ts';
import type { ConnectCall, FanOutCalls, FanOutReport } from '../client/fan-out.ts';
import { markOf } from '../client/marker.ts';
import { nowMicros, sleep } from '../measure/clock.ts';
import { runSchedule, type Schedule } from '../publish/schedule.ts';
import { Texts } from '../publish/text.ts';
import type { FanOutSystem } from '../systems/system.ts';
import type { World } from '../world/world.ts';
import type { Profiling } from './profiling.ts';

export interface FanOutLoad {
  readonly world: World;
  readonly tokens: readonly string[];
  /** Sockets of each person; 1 where not given. */
  readonly devices?: number;
  /** Messages a second, of all rooms together. */
  readonly rate: number;
  readonly seconds: number;
  /** What is published before that and not measured: enough for V8 to have compiled the code as it is after an hour. */
  readonly warmUp: Schedule;
}
export interface FanOutFigures {
  /** µs of CPU of all nodes together, for each message that reached a socket. */
  readonly micros: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** Deliveries that never came. */
  readonly lost: number;
  readonly disordered: number;
  readonly perSecond: number;
}

const SAMPLE_EVERY = 10;
const POLL = 50;
/** ms without a single delivery after which nothing more is expected. */
const STALLED = 4_000;

/** Connects every person of the world to the system's nodes, publishes, waits until all is delivered, and reports. */
export async function measureFanOut(
  system: FanOutSystem,
  load: FanOutLoad,
  profiling?: Profiling,
): Promise<FanOutFigures> {
  const client = startHelper<FanOutCalls>(new URL('../client/fan-out.ts', import.meta.url));
  try {
    const channel = new Channel(system, load);
    await channel.prepare();
    await client.call('connect', connectCall(system, load));
    const received = (): Promise<number> => client.call('received', undefined);
    await settle(received, await channel.run(load.warmUp));
    await client.call('reset', undefined);
    const [cpuBefore, started] = [await cpuOf(system), nowMicros()];
    const expected = await channel.run(load);
    await settle(received, expected);
    const [cpuAfter, ended] = [await cpuOf(system), nowMicros()];
    const report = await client.call('report', undefined);
    const pids = system.nodes.map(({ pid }) => pid);
    profiling?.onSpan({ span: { from: started, to: ended }, pids, operations: report.received });
    return figuresOf(report, expected, cpuAfter - cpuBefore, (ended - started) / 1_000);
  } finally {
    client.stop();
  }
}

function figuresOf(report: FanOutReport, expected: number, cpu: number, ms: number): FanOutFigures {
  const { received, p50, p99, max, disordered } = report;
  const perSecond = (received / ms) * 1_000;
  return { micros: cpu / received, p50, p99, max, lost: expected - received, disordered, perSecond };
}

export function connectCall(
  system: FanOutSystem,
  { world, tokens, devices = 1 }: Pick<FanOutLoad, 'world' | 'tokens' | 'devices'>,
): ConnectCall {
  return {
    dialect: system.dialect,
    origins: system.nodes.map(({ port }) => `ws://127.0.0.1:${port}`),
    sockets: world.people.flatMap(({ rooms }, i) =>
      Array.from({ length: devices }, () => ({ token: tokens[i] ?? '', rooms })),
    ),
    sampleEvery: SAMPLE_EVERY,
  };
}

async function cpuOf({ nodes }: FanOutSystem): Promise<number> {
  const each = await Promise.all(nodes.map((node) => node.cpu()));
  return each.reduce((sum, micros) => sum + micros, 0);
}

/** Waits until `expected` deliveries were counted, or none comes any more. */
async function settle(received: () => Promise<number>, expected: number): Promise<void> {
  let [last, since] = [-1, performance.now()];
  for (;;) {
    const count = await received();
    if (count >= expected) return;
    if (count > last) [last, since] = [count, performance.now()];
    if (performance.now() - since > STALLED) return;
    await sleep(POLL);
  }
}

/** The rooms of a world as one system carries them: each with its next seq and how many hear it. */
class Channel {
  readonly #system: FanOutSystem;
  readonly #rooms: { readonly id: string; readonly members: number; next: number }[];
  readonly #texts = new Texts();
  #turn = 0;

  constructor(system: FanOutSystem, { world: { rooms, people }, devices = 1 }: FanOutLoad) {
    this.#system = system;
    const members = new Map<string, number>();
    for (const person of people)
      for (const room of person.rooms) members.set(room, (members.get(room) ?? 0) + devices);
    this.#rooms = rooms.map((id) => ({ id, members: members.get(id) ?? 0, next: 1 }));
  }

  async prepare(): Promise<void> {
    const next = await this.#system.publisher.prepare(this.#rooms.map(({ id }) => id));
    for (const [i, room] of this.#rooms.entries()) room.next = next[i] ?? 1;
  }

  /** Publishes to the rooms in turn; gives how many deliveries that makes. */
  async run(schedule: Schedule): Promise<number> {
    let deliveries = 0;
    await runSchedule(schedule, (_index, micros) => {
      const number = this.#turn++ % this.#rooms.length;
      const room = this.#rooms[number];
      if (room === undefined) return;
      const seq = room.next++;
      const text = `${markOf({ room: number, seq, micros })} ${this.#texts.next()}`;
      this.#system.publisher.publish({ room: room.id, seq, text });
      deliveries += room.members;
    });
    return deliveries;
  }
}
