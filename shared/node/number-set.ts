import { addRange, type Range } from '../wire/ranges.ts';

/** Ranges kept exactly; a node that shares a busy room with others gets one range per batch. */
const MAX_RANGES = 40;

/**
 * A set of numbers that a log line can hold: exact ranges up to a limit, and for what is beyond it one range that only
 * says where it lies. Adding the next higher number, by far the most common, changes one field.
 */
export class NumberSet {
  #ranges: readonly Range[] = [];
  #rest: Range | undefined;
  #from = 0;
  #to = -1;

  /** Both ends inclusive; nothing where `to` is below `from`. */
  add(from: number, to: number = from): void {
    if (to < from) return;
    if (from === this.#to + 1 && this.#to >= this.#from) {
      this.#to = to;
      return;
    }
    if (from >= this.#from && to <= this.#to) return;
    this.#settle();
    this.#from = from;
    this.#to = to;
  }

  /** `12-14,17,~20-90`: 12, 13, 14, 17, and some numbers from 20 to 90. */
  toString(): string {
    this.#settle();
    const exact = this.#ranges.map(textOf);
    return [...exact, ...(this.#rest === undefined ? [] : [`~${textOf(this.#rest)}`])].join(',');
  }

  #settle(): void {
    if (this.#to < this.#from) return;
    const added = { from: this.#from, to: this.#to };
    const ranges = addRange(this.#ranges, added);
    if (ranges.length <= MAX_RANGES) this.#ranges = ranges;
    else if (this.#rest === undefined) this.#rest = added;
    else
      this.#rest = {
        from: Math.min(this.#rest.from, added.from),
        to: Math.max(this.#rest.to, added.to),
      };
  }
}

const textOf = ({ from, to }: Range): string => (from === to ? String(from) : `${from}-${to}`);

/** Whether a set written by `NumberSet` holds `seq`: `maybe` where it was cut. Anything that is no such text holds nothing. */
export function holds(text: string, seq: number): 'yes' | 'maybe' | 'no' {
  let answer: 'maybe' | 'no' = 'no';
  for (const part of text.split(',')) {
    const match = /^(~?)(\d+)(?:-(\d+))?$/.exec(part);
    if (match === null) continue;
    const [, cut, from, to = from] = match;
    if (seq < Number(from) || seq > Number(to)) continue;
    if (cut === '') return 'yes';
    answer = 'maybe';
  }
  return answer;
}
