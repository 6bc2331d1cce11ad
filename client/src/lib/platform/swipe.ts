/** px a finger goes to the side until it means something. */
const REACH = 56;
/** px after which it is clear which way a finger goes. */
const CLEAR = 12;

/** An attachment: a finger that goes right over the element draws it along, and calls `onswipe` when it went far enough. */
export function swipeRight(onswipe: () => void): (element: HTMLElement) => () => void {
  return (element) => {
    // Up and down the list is scrolled; sideways is ours, or the browser would take the gesture away.
    element.style.touchAction = 'pan-y';
    const stop = new AbortController();
    const { signal } = stop;
    let from: { readonly x: number; readonly y: number } | undefined;
    let isSideways = false;
    const end = (): void => {
      from = undefined;
      isSideways = false;
      element.style.translate = '';
    };
    /** How far the finger went to the right; 0 where it went another way. */
    const reach = (finger: Touch | undefined): number => {
      if (from === undefined || finger === undefined) return 0;
      const x = finger.clientX - from.x;
      return x > 2 * Math.abs(finger.clientY - from.y) ? x : 0;
    };
    // Where it is lifted counts: of the moves before, the browser may leave out some.
    const lift = ({ changedTouches }: TouchEvent): void => {
      const isFar = reach(changedTouches[0]) >= REACH;
      end();
      if (isFar) onswipe();
    };
    element.addEventListener(
      'touchstart',
      ({ touches }) => {
        const [finger] = touches;
        from =
          finger !== undefined && touches.length === 1 ? { x: finger.clientX, y: finger.clientY } : undefined;
      },
      { signal, passive: true },
    );
    element.addEventListener(
      'touchmove',
      ({ touches }) => {
        const [finger] = touches;
        if (from === undefined || finger === undefined) return;
        const [x, y] = [finger.clientX - from.x, Math.abs(finger.clientY - from.y)];
        if (!isSideways && Math.max(Math.abs(x), y) > CLEAR) {
          if (x <= y * 2) from = undefined;
          else isSideways = true;
        }
        if (!isSideways) return;
        element.style.translate = `${String(Math.min(reach(finger), REACH * 1.25))}px`;
      },
      { signal, passive: true },
    );
    element.addEventListener('touchend', lift, { signal, passive: true });
    element.addEventListener('touchcancel', end, { signal, passive: true });
    return () => {
      stop.abort();
    };
  };
}
