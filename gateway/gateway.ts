import type { Registry } from 'prom-client';
import type { Bus } from '../shared/node/bus.ts';
import type { Logger } from '../shared/node/logger.ts';
import { LIMITS } from '../shared/wire/protocol.ts';
import type { AccessClaims, TokenProblem } from '../shared/node/token.ts';
import type { Cache } from './cache.ts';
import { Asides } from './asides.ts';
import { Cursors } from './cursors.ts';
import { FanOut } from './fan-out.ts';
import { Flusher } from './flusher.ts';
import { HeadReader } from './heads.ts';
import { Heartbeat } from './heartbeat.ts';
import { Hub } from './hub.ts';
import { Joins } from './joins.ts';
import { GatewayJournal } from './journal.ts';
import type { GatewayLimits } from './limits.ts';
import { LoadMeter } from './load.ts';
import { createGatewayMetrics, type GatewayMetrics } from './metrics.ts';
import { Positions } from './positions.ts';
import type { Presence } from './presence.ts';
import { Resume } from './resume.ts';
import { RingBudget } from './ring.ts';
import { RoomLists } from './room-lists.ts';
import type { SessionDeps } from './session-deps.ts';
import { Subscriptions } from './subscriptions.ts';
import { Turnstile } from '../shared/node/turnstile.ts';
import { Typing } from './typing.ts';
import type { Uplink } from './uplink.ts';

/** Bytes of frames kept for resuming readers, over all rooms. */
const RING_BUDGET = 64 * 1024 * 1024;
const LINGER = 15_000;
const SWEEP_INTERVAL = 1_000;
/**
 * Hellos worked on at a time: what Redis answers together is a few ms of work in one turn of the event loop. When thousands of
 * clients come back at once, each step of one would otherwise wait behind those of all others, until Redis seems not to answer.
 */
const HELLOS = 64;
/** ms over which gateways spread their reading of all lists when Redis is back. */
const RETURN_SPREAD = 2_000;

export interface GatewayOptions {
  readonly bus: Bus;
  readonly cache: Cache;
  readonly uplink: Uplink;
  readonly presence: Presence;
  readonly limits?: GatewayLimits;
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
  readonly flusher: Flusher;
  readonly load: LoadMeter;
  readonly #journal: GatewayJournal;
  readonly #asides: Asides;
  #sweep: NodeJS.Timeout | undefined;

  constructor(options: GatewayOptions) {
    const { bus, cache, uplink, logger, now } = options;
    const metrics = createGatewayMetrics(options.registry);
    this.metrics = metrics;
    this.load = new LoadMeter(now, () => metrics.shed.inc({ reason: 'gateway' }));
    const flusher = new Flusher((writes) => {
      metrics.counts.flushes += writes;
      metrics.flushWrites.observe(writes);
    }, now);
    this.flusher = flusher;
    const fanOut = new FanOut(flusher, (deliveries) => (metrics.counts.deliveries += deliveries));
    this.#asides = new Asides(fanOut, this.load);
    this.subscriptions = new Subscriptions({ bus, logger, lingerMs: LINGER, now });
    const journal = new GatewayJournal(logger);
    this.#journal = journal;
    const resume = new Resume({
      uplink,
      logger,
      onResume: (kind) => metrics.resumes.inc({ kind }),
      onGiven: (room, how, from, to) => journal.resumed(room, how, from, to),
    });
    const heads = new HeadReader({ cache, uplink, onDoubt: () => this.positions.doubt() });
    const joins = new Joins({ heads, resume, logger });
    const hub = new Hub({
      subscriptions: this.subscriptions,
      fanOut,
      budget: this.budget,
      logger,
      now,
      onEntered: (user, room, have, answered) => joins.enter(user, room, have, answered),
      confirm: (user) => this.deps.lists.confirm(user),
      onForwarded: (room, seq) => journal.forwarded(room, seq, 'live'),
      asides: this.#asides,
    });
    this.positions = new Positions({
      rooms: () => hub.rooms.values(),
      cache,
      uplink,
      deliver: (room, seq, text) => {
        const isNew = hub.deliverLog(room, seq, text);
        if (isNew) journal.forwarded(room, seq, 'repaired');
        return isNew;
      },
      logger,
      now,
      onRepaired: (numbers) => metrics.repaired.inc(numbers),
    });
    // Whatever was published between the two is missing: frames and signals.
    bus.onState((state) => {
      this.positions.doubt();
      if (state === 'up') this.deps.lists.hasten(Math.random() * RETURN_SPREAD);
    });
    this.heartbeat = new Heartbeat({ seconds: LIMITS.beatSeconds, fanOut, now });
    this.deps = {
      hub,
      heads,
      resume,
      hellos: new Turnstile(HELLOS),
      uplink,
      metrics,
      logger,
      now,
      lists: new RoomLists({
        ...{ cache, uplink, hub, logger, now },
        onSight: (user) => {
          for (const device of user.devices) options.presence.review(device);
        },
      }),
      cursors: new Cursors(uplink, logger),
      typing: new Typing(bus, this.load, logger, now),
      presence: options.presence,
      flusher,
      limits: options.limits,
      verify: options.verify,
      heartbeat: LIMITS.beatSeconds,
    };
  }

  start(): void {
    this.load.start();
    this.deps.lists.start();
    this.deps.cursors.start();
    this.positions.start();
    this.heartbeat.start();
    this.#sweep = setInterval(() => void this.subscriptions.sweep(), SWEEP_INTERVAL).unref();
  }

  /** After the sockets are gone. */
  async stop(): Promise<void> {
    clearInterval(this.#sweep);
    this.load.stop();
    this.#asides.stop();
    this.heartbeat.stop();
    this.positions.stop();
    this.deps.lists.stop();
    await this.deps.cursors.stop();
    await this.subscriptions.sweep(true);
    this.#journal.close();
  }
}
