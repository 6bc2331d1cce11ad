import { Value } from './observable.ts';

/**
 * Up to which change of what one set for oneself (rooms' settings, whom one blocked, the profile) all were heard of, here or at
 * the last visit. 0: there was none, or nothing is known.
 */
export class OwnVersion {
  readonly known = new Value(0);

  /** `ready` says it: true where a change was missed, so that all is read again. */
  isMissed(self: number): boolean {
    const isMissed = self !== this.known.get();
    this.known.set(self);
    return isMissed;
  }

  /** A change as a frame tells it. Where one before it is missing, the next `ready` differs. */
  heard(self: number): void {
    if (self === this.known.get() + 1) this.known.set(self);
  }

  clear(): void {
    this.known.set(0);
  }
}
