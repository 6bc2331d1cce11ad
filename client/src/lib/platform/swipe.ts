import { hasTouch, NOTHING } from './touch.ts';

/** px a finger goes forward until it means something. */
const REACH = 56;
/** px after which it is clear which way a finger goes. */
const CLEAR = 12;

/** An attachment: a finger that goes over the element as lines are read draws it along, and calls `onswipe` when it went far enough. */
export function swipeForward(onswipe: () => void): (element: HTMLElement) => () => void {
  return (element) => {
    if (!hasTouch()) return NOTHING;
    // Up and down the list is scrolled; sideways is ours, or the browser would take the gesture away.
    element.style.touchAction = 'pan-y';
    const stop = new AbortController();
    const { signal } = stop;
    let from: { readonly x: number; readonly y: number } | undefined;
    const sign = (): 1 | -1 => (getComputedStyle(element).direction === 'rtl' ? -1 : 1);
    /** How far the finger went forward; 0 where it went another way. */
    const reach = ({ clientX, clientY }: PointerEvent): number => {
      const x = from === undefined ? 0 : (clientX - from.x) * sign();
      return x > 2 * Math.abs(clientY - (from?.y ?? 0)) ? x : 0;
    };
    const end = (): void => {
      from = undefined;
      element.style.translate = '';
    };
    const down = (event: PointerEvent): void => {
      if (event.pointerType !== 'touch' || !event.isPrimary) return;
      from = { x: event.clientX, y: event.clientY };
    };
    const move = (event: PointerEvent): void => {
      const x = reach(event);
      element.style.translate = x > CLEAR ? `${String(sign() * Math.min(x, REACH * 1.25))}px` : '';
    };
    // Where it is lifted counts: of the moves before, the browser may leave out some.
    const lift = (event: PointerEvent): void => {
      const isFar = reach(event) >= REACH;
      end();
      if (isFar) onswipe();
    };
    element.addEventListener('pointerdown', down, { signal, passive: true });
    element.addEventListener('pointermove', move, { signal, passive: true });
    element.addEventListener('pointerup', lift, { signal, passive: true });
    element.addEventListener('pointercancel', end, { signal, passive: true });
    return () => {
      stop.abort();
    };
  };
}
