import { Loads } from './loads.ts';
import type { RoomLog } from './room-log.ts';

/** Pages read for one look further back. */
const MAX_PAGES = 10;

export interface RoomLoadingDeps {
  readonly log: RoomLog;
  /** How many rows the timeline shows. */
  readonly shown: () => number;
  /** How far the room is read, as far as that is known. */
  readonly readSeq: () => number | undefined;
  /** A reader wants it loaded. */
  readonly onWanted: () => void;
  /** What is shown may differ. */
  readonly onChange: () => void;
}

/** The pages of one room that its reader asks for: the newest first, and from there both ways. */
export class RoomLoading {
  readonly #deps: RoomLoadingDeps;
  readonly #loads: Loads;
  #wanted = false;
  #readSeqAtOpen: number | undefined;

  constructor(deps: RoomLoadingDeps) {
    this.#deps = deps;
    this.#loads = new Loads(deps.onChange);
  }

  /** The reader wants it loaded. */
  get wanted(): boolean {
    return this.#wanted;
  }

  /** How far it was read when its reader came. */
  get readSeqAtOpen(): number | undefined {
    return this.#readSeqAtOpen;
  }

  /** Why the last load failed. */
  get error(): string | undefined {
    return this.#loads.error;
  }

  /** A reader comes; each starts at what is read by then. */
  open(): Promise<void> {
    this.#readSeqAtOpen = undefined;
    return this.load();
  }

  /** Loads the newest page unless it is there, and as much before it as there must be to show something. */
  async load(): Promise<void> {
    this.#wanted = true;
    this.#deps.onWanted();
    this.#readSeqAtOpen ??= this.#deps.readSeq();
    await this.#loads.run(async () => {
      await this.#deps.log.open();
      await this.#fill();
    });
  }

  /** Shows what stands around `seq`. */
  async jump(seq: number): Promise<void> {
    await this.#deps.log.jump(seq);
    await this.#fill();
  }

  older(): Promise<void> {
    return this.#loads.run(() => this.#more(MAX_PAGES));
  }

  newer(): Promise<void> {
    return this.#loads.run(() => this.#deps.log.loadNewer());
  }

  /** Nobody looks at it any more. */
  leave(): void {
    this.#wanted = false;
    this.#readSeqAtOpen = undefined;
  }

  reset(): void {
    this.leave();
    this.#loads.reset();
  }

  /** Nobody can scroll where nothing is: pages are read until there is something, or the room's start is reached. */
  async #fill(): Promise<void> {
    const { log, shown } = this.#deps;
    if (shown() === 0) await this.#more(Infinity);
    while (shown() === 0 && this.#wanted && log.detached) await log.loadNewer();
  }

  /** A page may hold nothing but replies, which the timeline does not show: then one more, up to `max`. */
  async #more(max: number): Promise<void> {
    const { log, shown, onChange } = this.#deps;
    const before = shown();
    for (let pages = 0; pages < max && shown() === before; pages += 1) {
      if (log.atStart || !log.loaded || !this.#wanted) return;
      await log.loadOlder();
      onChange();
    }
  }
}
