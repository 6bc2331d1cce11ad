import { pino } from 'pino';
import type { Counter } from '../../../../api/services/log/counter.ts';
import { Log } from '../../../../api/services/log/index.ts';
import type { Time } from '../../../../api/services/log/time.ts';
import { MessageChanges } from '../../../../api/services/message-changes.ts';
import type { LogStore } from '../../../../api/store/log.ts';
import type { Bus } from '../../../../shared/node/bus.ts';
import { FaultyCounter } from './faulty-counter.ts';
import { FaultyStore } from './faulty-store.ts';
import { Link, type Surroundings } from './link.ts';
import type { Process } from './simulation.ts';

const logger = pino({ level: 'silent' });
const names = { names: async () => new Map() };

/** What a test may put wrong between the product's code and the shared servers. */
export interface Sabotage {
  readonly store?: (store: LogStore) => LogStore;
  readonly counter?: (counter: Counter) => Counter;
}

/** One life of a simulated API node: the product's own code, on calls of which each meets its fate. */
export class Node implements Process {
  dead = false;
  pausedUntil = 0;
  readonly log: Log;
  readonly changes: MessageChanges;

  constructor(
    name: string,
    servers: { readonly store: LogStore; readonly counter: Counter; readonly publish: Bus['publish'] },
    around: Surroundings,
    sabotage: Sabotage,
  ) {
    const link = new Link(this, name, around);
    const store = new FaultyStore(servers.store, link, around.history);
    const counter = new FaultyCounter(servers.counter, link, around.history);
    this.log = new Log({
      store: sabotage.store?.(store) ?? store,
      counter: sabotage.counter?.(counter) ?? counter,
      bus: busOf(link, servers.publish),
      names,
      logger,
      time: timeOf(this, around),
      maxRooms: 2,
    });
    this.changes = new MessageChanges({
      membership: { requireWriter: async () => ({ role: 'member', v: 0 }) as never },
      changes: this.log.changes,
      patience: { ask: (work) => work() },
      store,
      mentions: { find: async () => undefined },
      notices: { pinned: async () => undefined },
    });
  }
}

function timeOf(process: Process, { simulation, tape }: Surroundings): Time {
  return {
    now: () => simulation.now,
    sleep: (ms) =>
      new Promise((resolve) => {
        if (!process.dead) simulation.at(simulation.now + ms, resolve, process);
      }),
    after: (ms, run) => {
      if (process.dead) return () => undefined;
      return simulation.at(simulation.now + ms, run, process, true);
    },
    random: () => (tape.next() % 100) / 100,
  };
}

function busOf(link: Link, publish: Bus['publish']): Bus {
  return {
    publish: (channel, message) => link.redis('publish', () => publish(channel, message)),
    subscribe: async () => undefined,
    unsubscribe: async () => undefined,
    onMessage: () => undefined,
    onState: () => undefined,
    close: async () => undefined,
  };
}
