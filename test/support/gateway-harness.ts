import { Gateway } from '../../gateway/gateway.ts';
import { type OutFrame, PING, textOf } from '../../gateway/out-frame.ts';
import { Session } from '../../gateway/session.ts';
import type { Transport } from '../../gateway/wire-writer.ts';
import { MemoryBroker } from '../../shared/node/bus-memory.ts';
import { createLogger } from '../../shared/node/logger.ts';
import { createRegistry } from '../../shared/node/metrics.ts';
import type { AccessClaims, TokenProblem } from '../../shared/node/token.ts';
import { FakeCluster } from './fake-uplink.ts';

/** 24 hex digits that are easy to tell apart. */
export const idOf = (digit: string): string => digit.repeat(24);

type Frame = { readonly type: string; readonly [field: string]: unknown };

/** A socket that lives in memory: what the gateway wrote, and how it closed. */
export class MemorySocket implements Transport {
  readonly frames: Frame[] = [];
  /** Number of writes; frames of one turn share one. */
  writes = 0;
  backlog = 0;
  isOpen = true;
  pings = 0;
  closed: { code: number; reason: string } | undefined;
  #changed: (() => void)[] = [];

  write(frames: readonly OutFrame[]): void {
    this.writes++;
    for (const frame of frames) {
      if (frame === PING) this.pings++;
      else this.frames.push(JSON.parse(textOf(frame).toString('utf8')) as Frame);
    }
    this.#wake();
  }
  close(code: number, reason: string): void {
    this.closed = { code, reason };
    this.isOpen = false;
    this.#wake();
  }
  terminate(): void {
    this.isOpen = false;
  }

  /** Resolves once the condition holds; mocha's timeout is the end of patience. */
  async until(condition: (socket: this) => boolean): Promise<void> {
    while (!condition(this)) await new Promise<void>((resolve) => this.#changed.push(resolve));
  }
  ofType(type: string): Frame[] {
    return this.frames.filter((frame) => frame.type === type);
  }
  seqs(): number[] {
    return this.ofType('message').map((frame) => frame['seq'] as number);
  }
  #wake(): void {
    for (const resolve of this.#changed.splice(0)) resolve();
  }
}

export interface TestGateway {
  readonly gateway: Gateway;
  readonly cluster: FakeCluster;
  readonly broker: MemoryBroker;
  clock: number;
  connect(): { session: Session; socket: MemorySocket };
  /** A socket after its `ready`. The token is `user:session`. */
  ready(
    user: string,
    rooms?: Record<string, number>,
    session?: string,
  ): Promise<{ session: Session; socket: MemorySocket }>;
}

/** A gateway over the memory bus and the fake cluster, with a clock that stands. */
export function testGateway(shared?: { broker: MemoryBroker; cluster: FakeCluster }): TestGateway {
  const broker = shared?.broker ?? new MemoryBroker();
  const cluster = shared?.cluster ?? new FakeCluster(broker.connect());
  const logger = createLogger({ name: 'test', level: 'silent' });
  const presence = { watch: () => undefined, review: () => undefined, onClosed: () => undefined };
  const gateway = new Gateway({
    bus: broker.connect(),
    cache: cluster,
    uplink: cluster,
    presence,
    registry: createRegistry('test'),
    logger,
    verify,
    now: () => result.clock,
  });
  const connect = () => {
    const socket = new MemorySocket();
    return { session: new Session(gateway.deps, socket), socket };
  };
  const result: TestGateway = {
    gateway,
    cluster,
    broker,
    clock: 1_000_000,
    connect,
    async ready(user, rooms, sessionId = idOf('e')) {
      const { session, socket } = connect();
      session.onText(JSON.stringify({ type: 'hello', token: `${user}:${sessionId}`, rooms }));
      await socket.until(() => socket.ofType('ready').length > 0 || socket.closed !== undefined);
      return { session, socket };
    },
  };
  return result;
}

function verify(token: string): AccessClaims | TokenProblem {
  if (token === 'expired' || token === 'forged') return token;
  const [user = '', session = ''] = token.split(':');
  return { user, session, expiresAt: Math.floor(Date.now() / 1_000) + 900 };
}

/** A gateway whose users `a…` and `b…` are in room `1…`. */
export function chat(): TestGateway {
  const t = testGateway();
  for (const user of ['a', 'b']) t.cluster.join(idOf(user), idOf('1'));
  return t;
}
