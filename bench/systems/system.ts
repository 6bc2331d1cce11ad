import type { DialectName } from '../client/dialects.ts';
import type { Measured } from '../stage/processes.ts';

/** A message to publish; every system carries the same. */
export interface Outgoing {
  readonly room: string;
  readonly seq: number;
  readonly text: string;
}

/** Puts messages where the nodes of one system hear them. Not measured: it runs in the benchmark's own process. */
export interface Publisher {
  /** Makes the rooms ready to be published to; gives the seq of each one's next message. */
  prepare(rooms: readonly string[]): Promise<readonly number[]>;
  publish(message: Outgoing): void;
  close(): Promise<void>;
}

/** A system that delivers messages to sockets. */
export interface FanOutSystem {
  readonly name: string;
  readonly dialect: DialectName;
  /** The processes whose CPU and memory count. */
  readonly nodes: readonly Measured[];
  readonly publisher: Publisher;
  stop(): Promise<void>;
}

/** A system that stores messages. */
export interface SendSystem {
  readonly name: string;
  readonly nodes: readonly Measured[];
  stop(): Promise<void>;
}

/** Ends all of them, one after the other, the last started first. */
export async function stopAll(nodes: readonly Measured[]): Promise<void> {
  for (const node of nodes.toReversed()) await node.stop();
}
