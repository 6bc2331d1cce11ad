import type { Registry } from 'prom-client';
import type { Bus } from '../shared/node/bus.ts';
import type { Logger } from '../shared/node/logger.ts';
import { LIMITS } from '../shared/wire/protocol.ts';
import type { AccessClaims, TokenProblem } from '../shared/node/token.ts';
import type { Cache } from './cache.ts';
import { Cursors } from './cursors.ts';
import { FanOut } from './fan-out.ts';
import { Flusher } from './flusher.ts';
import { HeadReader } from './heads.ts';
import { Heartbeat } from './heartbeat.ts';
import { Hub } from './hub.ts';
import { Joins } from './joins.ts';
import { createGatewayMetrics, type GatewayMetrics } from './metrics.ts';
import { Positions } from './positions.ts';
import type { Presence } from './presence.ts';
import { Resume } from './resume.ts';
import { RingBudget } from './ring.ts';
import { RoomLists } from './room-lists.ts';
import type { SessionDeps } from './session-deps.ts';
import { Subscriptions } from './subscriptions.ts';
import { Typing } from './typing.ts';
import type { Uplink } from './uplink.ts';

/** Bytes of frames kept for resuming readers, over all rooms. */
const RING_BUDGET = 64 * 1024 * 1024;
const LINGER = 15_000;
const SWEEP_INTERVAL = 1_000;

export interface GatewayOptions {
  readonly bus: Bus;
  readonly cache: Cache;
  readonly uplink: Uplink;
  readonly presence: Presence;
  readonly registry: Registry;
  readonly logger: Logger;
  readonly verify: (token: string) => AccessClaims | TokenProblem;
  /** Monotonic, ms. */
  readonly now: () => number;
}

/** The gateway without its ports: everything a session needs, put together over the seams (bus, cache, uplink, clock). */
export class Gateway {
  readonly deps: SessionDeps;
  readonly heartbeat: Heartbeat;
  readonly positions: Positions;
  readonly subscriptions: Subscriptions;
  readonly budget = new RingBudget(RING_BUDGET);
  readonly metrics: GatewayMetrics;
  #sweep: NodeJS.Timeout | undefined;

  constructor(options: GatewayOptions) {
    const { bus, cache, uplink, logger, now } = options;
    const metrics = createGatewayMetrics(options.registry);
    this.metrics = metrics;
    const fanOut = new FanOut((deliveries) => metrics.deliveries.inc(deliveries));
    this.subscriptions = new Subscriptions({ bus, logger, lingerMs: LINGER, now });
    const resume = new Resume({ uplink, logger, onResume: (kind) => metrics.resumes.inc({ kind }) });
    const heads = new HeadReader({ cache, uplink, onDoubt: () => this.positions.doubt() });
    const joins = new Joins({ heads, resume, logger });
    const hub = new Hub({
      subscriptions: this.subscriptions,
      fanOut,
      budget: this.budget,
      logger,
      now,
      onEntered: (user, room, have, answered) => joins.enter(user, room, have, answered),
      onJoined: (user) => void this.deps.lists.confirm(user),
    });
    this.positions = new Positions({
      rooms: () => hub.rooms.values(),
      cache,
      uplink,
      deliver: (room, seq, text) => hub.deliverLog(room, seq, text),
      logger,
      now,
      onRepaired: (numbers) => metrics.repaired.inc(numbers),
    });
    // Whatever was published between the two is missing.
    bus.onState(() => this.positions.doubt());
    this.heartbeat = new Heartbeat({ seconds: LIMITS.beatSeconds, hub, fanOut, now });
    this.deps = {
      hub,
      heads,
      resume,
      uplink,
      metrics,
      logger,
      now,
      lists: new RoomLists({ cache, uplink, hub, logger }),
      cursors: new Cursors(uplink, logger),
      typing: new Typing(bus, logger, now),
      presence: options.presence,
      flusher: new Flusher((writes) => metrics.flushes.inc(writes)),
      verify: options.verify,
      heartbeat: LIMITS.beatSeconds,
    };
  }

  start(): void {
    this.deps.lists.start();
    this.deps.cursors.start();
    this.positions.start();
    this.heartbeat.start();
    this.#sweep = setInterval(() => void this.subscriptions.sweep(), SWEEP_INTERVAL).unref();
  }

  /** After the sockets are gone. */
  async stop(): Promise<void> {
    clearInterval(this.#sweep);
    this.heartbeat.stop();
    this.positions.stop();
    this.deps.lists.stop();
    await this.deps.cursors.stop();
    await this.subscriptions.sweep(true);
  }
}
