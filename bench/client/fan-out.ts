/** The client of every fan-out measurement, a process of its own: opens sockets, counts, and samples latency. */
import { sleep } from '../measure/clock.ts';
import { Samples, type Latency } from '../measure/samples.ts';
import { serve } from './calls.ts';
import { DIALECTS, type DialectName } from './dialects.ts';
import { Reader, type ReaderOptions, type Tally } from './reader.ts';

export interface ConnectCall {
  readonly dialect: DialectName;
  /** ws://… of the nodes; sockets are dealt out in turn. */
  readonly origins: readonly string[];
  readonly sockets: readonly { readonly token: string; readonly rooms: readonly string[] }[];
  /** Latency is taken on every nth socket. */
  readonly sampleEvery: number;
}
export interface FanOutReport extends Latency {
  readonly received: number;
  readonly sampled: number;
  readonly disordered: number;
  readonly closed: number;
}

const AT_ONCE = 50;
/** A server that is busy may refuse a connection; a client comes back. */
const ATTEMPTS = 5;
const PAUSE = 500;
const READ_BYTES = 256 * 1024;
/** Sockets from one address to one port; far below the range of ports. */
const PER_ADDRESS = 10_000;

async function openReader(options: ReaderOptions, tally: Tally): Promise<Reader> {
  for (let attempt = 1; ; attempt++) {
    const reader = new Reader(options, tally);
    try {
      await reader.open();
      return reader;
    } catch (error) {
      reader.close();
      if (attempt === ATTEMPTS) throw error;
    }
    await sleep(PAUSE);
  }
}

/** The functions the benchmark calls, over counts and sockets of their own. */
function createClient() {
  const readBuffer = Buffer.allocUnsafe(READ_BYTES);
  const tally: Tally = { received: 0, disordered: 0, closed: 0, latency: new Samples() };
  const readers: Reader[] = [];
  const open = async ({ dialect, origins, sockets, sampleEvery }: ConnectCall, i: number): Promise<void> => {
    const socket = sockets[i];
    const origin = origins[i % origins.length];
    if (socket === undefined || origin === undefined) return;
    const localAddress = `127.0.0.${2 + Math.floor(i / PER_ADDRESS)}`;
    const isSampled = i % sampleEvery === 0;
    const options = { dialect: DIALECTS[dialect], origin, ...socket, isSampled, readBuffer, localAddress };
    readers.push(await openReader(options, tally));
  };
  return {
    connect: async (call: ConnectCall): Promise<void> => {
      let next = 0;
      const work = async (): Promise<void> => {
        while (next < call.sockets.length) await open(call, next++);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
    },
    /** Forgets what was counted so far, such as a warm-up. */
    reset: (): void => {
      tally.received = 0;
      tally.disordered = 0;
      tally.latency.clear();
    },
    received: (): number => tally.received,
    report: (): FanOutReport => {
      const { received, disordered, closed, latency } = tally;
      return { received, disordered, closed, sampled: latency.count, ...latency.latency() };
    },
    disconnect: (): void => {
      for (const reader of readers.splice(0)) reader.close();
    },
  };
}

export type FanOutCalls = ReturnType<typeof createClient>;
serve(createClient());
