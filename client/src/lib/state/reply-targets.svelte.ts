import { readLocal, writeLocal } from '../platform/local.ts';

const KEY = 'parley.replies';
/** The oldest go first when there are more. */
const LIMIT = 100;

type Target = readonly [place: string, seq: number];

/** Which message each draft replies to, by where it is written. Survives a reload, as the draft does. */
export class ReplyTargets {
  #targets: readonly Target[] = $state.raw(parse(readLocal(KEY)));
  #asked: { readonly place: string } | undefined = $state.raw();

  /** Where a reply was asked for last: the composer there takes the keyboard. */
  get asked(): { readonly place: string } | undefined {
    return this.#asked;
  }
  ask(place: string): void {
    this.#asked = { place };
  }

  get(place: string): number | undefined {
    return this.#targets.find(([other]) => other === place)?.[1];
  }

  set(place: string, seq: number | undefined): void {
    const others = this.#targets.filter(([other]) => other !== place);
    const next = seq === undefined ? others : [...others, [place, seq] as const].slice(-LIMIT);
    this.#targets = next;
    writeLocal(KEY, JSON.stringify(next));
  }

  /** Nothing of one person's is left for the next at this screen. */
  clear(): void {
    this.#targets = [];
    writeLocal(KEY, undefined);
  }
}

function parse(text: string | undefined): readonly Target[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(value) ? value.filter(isTarget) : [];
  } catch {
    return [];
  }
}

function isTarget(value: unknown): value is Target {
  return Array.isArray(value) && typeof value[0] === 'string' && Number.isSafeInteger(value[1]);
}
