import type { Arrival } from './arrivals.ts';
import type { Cursors } from './cursors.ts';
import type { Engine } from './engine.ts';
import type { Threads } from './threads.ts';

/** What a room needs of the list it stands in. */
export interface RoomDeps {
  readonly engine: Engine;
  readonly cursors: Cursors;
  readonly threads: Threads;
  /** Its line changed; `active`: by a new message. */
  readonly onChange: (active: boolean) => void;
  /** Its line may be wrong: read it anew soon. */
  readonly onStale: () => void;
  /** It may lack something now, or no longer. */
  readonly onLacks: () => void;
  /** Somebody opened it. */
  readonly onOpen: () => void;
  /** Something came that is new to the reader. */
  readonly onArrival: (arrival: Arrival) => void;
  /** What is worth keeping until the next visit changed. */
  readonly onKeep: (what: 'summary' | 'log') => void;
  readonly onKeepThread: (root: number) => void;
}
