/** px a finger goes to the side until it means something. */
const REACH = 56;
/** px after which it is clear which way a finger goes. */
const CLEAR = 12;

/** An attachment: a finger that goes right over the element draws it along, and calls `onswipe` when it went far enough. */
export function swipeRight(onswipe: () => void): (element: HTMLElement) => () => void {
  return (element) => {
    const stop = new AbortController();
    const { signal } = stop;
    let from: { readonly x: number; readonly y: number } | undefined;
    let isSideways = false;
    let moved = 0;
    const end = (): void => {
      if (isSideways && moved >= REACH) onswipe();
      from = undefined;
      isSideways = false;
      moved = 0;
      element.style.translate = '';
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
        moved = Math.max(0, x);
        element.style.translate = `${String(Math.min(moved, REACH * 1.25))}px`;
      },
      { signal, passive: true },
    );
    element.addEventListener('touchend', end, { signal, passive: true });
    element.addEventListener(
      'touchcancel',
      () => {
        moved = 0;
        end();
      },
      { signal, passive: true },
    );
    return () => {
      stop.abort();
    };
  };
}
