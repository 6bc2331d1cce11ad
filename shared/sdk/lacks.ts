import { Value } from './observable.ts';

/** Which rooms lack something of what was missed while away. */
export class Lacks {
  /** How many, since the last `ready` or gap; 0 when caught up. */
  readonly rooms = new Value(0);
  readonly #lacking = new Set<string>();
  #catchingUp = false;

  /** Something was missed; what that means for each room is noted next. */
  begin(): void {
    this.#catchingUp = true;
  }

  note(id: string, lacks = false): void {
    if (lacks === this.#lacking.has(id)) return;
    if (lacks) this.#lacking.add(id);
    else this.#lacking.delete(id);
    this.count();
  }

  /** A hole of a moment in a live room is no catching up; what was missed while away is. */
  count(): void {
    if (this.#lacking.size === 0) this.#catchingUp = false;
    this.rooms.set(this.#catchingUp ? this.#lacking.size : 0);
  }

  clear(): void {
    this.#catchingUp = false;
    this.rooms.set(0);
  }
}
