import { createSubscriber } from 'svelte/reactivity';
import type { Observable } from '../../../../shared/sdk/types.ts';
import { coalesce, nextFrame, type Schedule } from '../scroll/frame.ts';

/**
 * An engine's observable as something Svelte tracks. A hundred changes within one frame draw once. Listens only while
 * an effect reads it, so nobody has to dispose of it.
 */
export class Live<T> {
  readonly #source: Observable<T>;
  readonly #track: () => void;
  #turn = 0;
  // One for all who read it: each tracking costs an effect, and a screen of messages reads thousands of times.
  readonly #turns: number = $derived.by(() => {
    this.#track();
    this.#turn += 1;
    return this.#turn;
  });

  constructor(source: Observable<T>, schedule: Schedule = nextFrame) {
    this.#source = source;
    this.#track = createSubscriber((update) => {
      const turn = coalesce(update, schedule);
      const unsubscribe = source.subscribe(() => {
        turn.request();
      });
      return () => {
        unsubscribe();
        turn.cancel();
      };
    });
  }

  get current(): T {
    if ($effect.tracking()) void this.#turns;
    return this.#source.get();
  }
}
