/** What the tester's main process and its workers tell each other. */
import type { FoundViolations } from './check/findings.ts';
import type { PackedBits } from './check/seq-bits.ts';
import type { Counters } from './worker/tally.ts';

/** One socket to be. */
export interface Seat {
  readonly index: number;
  /** Place in the list of users. */
  readonly user: number;
  readonly localAddress?: string | undefined;
}

/** One order of messages: a socket that sends to a room. */
export interface LaneSeat {
  readonly lane: number;
  readonly seat: number;
  readonly room: string;
}

export interface Assignment {
  readonly url: string;
  /** The address behind the URL's name, where it is this machine. */
  readonly address?: string | undefined;
  readonly ca?: string | undefined;
  readonly insecure: boolean;
  readonly run: string;
  readonly worker: number;
  readonly workers: number;
  readonly textLength: number;
  readonly seats: readonly Seat[];
  readonly lanes: readonly LaneSeat[];
  /** Of all workers. */
  readonly laneCount: number;
  /** Every room of the run; of each user's rooms in `ready`, only these count. */
  readonly rooms: readonly string[];
  /** The rooms of each user in `seats`, by the user's place. */
  readonly roomsOf: ReadonlyMap<number, readonly string[]>;
  readonly tokens: ReadonlyMap<number, string>;
}

/** From the main process to a worker. */
export type Order =
  | { readonly type: 'assign'; readonly assignment: Assignment }
  | { readonly type: 'tokens'; readonly tokens: ReadonlyMap<number, string> }
  /** Open all seats, so many a second. */
  | { readonly type: 'open'; readonly perSecond: number }
  /** Send at this rate (messages a second, of this worker) from `from` (ms of `clock.now`) on; 0 stops. */
  | { readonly type: 'send'; readonly rate: number; readonly from: number }
  /** Cut this share of the open sockets at once. */
  | { readonly type: 'cut'; readonly share: number }
  /** Tell of the acknowledged messages as soon as nothing is outstanding, at the latest after `patience` ms. */
  | { readonly type: 'settle'; readonly patience: number }
  /** Tell what is missing of what was acknowledged to anyone, once nothing is, at the latest after `patience` ms. */
  | { readonly type: 'judge'; readonly acked: ReadonlyMap<string, PackedBits>; readonly patience: number }
  | { readonly type: 'stop' };

/** Latencies of one second, each a histogram in HDR's own encoding; µs. */
export interface EncodedLatencies {
  readonly [name: string]: string;
}

/** What happened in one worker since its last tick. */
export interface Tick {
  readonly type: 'tick';
  readonly worker: number;
  readonly counters: Counters;
  /** Sockets that are ready now. */
  readonly connected: number;
  /** Intended sends that wait for a free lane. */
  readonly backlog: number;
  readonly latencies: EncodedLatencies;
  /** The longest delay of the event loop, ms. */
  readonly lag: number;
  /** By code or name. */
  readonly errors: ReadonlyMap<string, number>;
  readonly closes: ReadonlyMap<number, number>;
}

/** From a worker to the main process. */
export type News =
  | { readonly type: 'hired' }
  | Tick
  /** A token was refused as expired. */
  | { readonly type: 'expired'; readonly user: number }
  | {
      readonly type: 'settled';
      readonly acked: ReadonlyMap<string, PackedBits>;
      readonly nothing: ReadonlyMap<string, readonly number[]>;
      /** Sends without an answer. */
      readonly open: number;
    }
  | {
      readonly type: 'judged';
      readonly found: FoundViolations;
      /** (socket, room) pairs that were judged. */
      readonly views: number;
      /** Sockets that are not ready. */
      readonly away: number;
      readonly tookMs: number;
    };
