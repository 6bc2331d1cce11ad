import { hasTouch, NOTHING } from './touch.ts';

/** ms a finger rests before it means more than a tap; as long as the system's own, so that no tap follows. */
const PRESS = 500;
/** px a resting finger may tremble. */
const TREMBLE = 10;

/** An attachment: calls `onpress` when a finger (never a mouse) rests on the element; keeps the system's own menu away. */
export function longPress(onpress: () => void): (element: HTMLElement) => () => void {
  return (element) => {
    if (!hasTouch()) return NOTHING;
    const stop = new AbortController();
    const { signal } = stop;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let from = { x: 0, y: 0 };
    let isTouch = false;
    let isPressed = false;
    const end = (): void => {
      clearTimeout(timer);
      timer = undefined;
    };
    const down = (event: PointerEvent): void => {
      end();
      isPressed = false;
      isTouch = event.pointerType === 'touch';
      if (!isTouch || !event.isPrimary) return;
      from = { x: event.clientX, y: event.clientY };
      timer = setTimeout(() => {
        isPressed = true;
        onpress();
      }, PRESS);
    };
    const move = (event: PointerEvent): void => {
      if (Math.hypot(event.clientX - from.x, event.clientY - from.y) > TREMBLE) end();
    };
    const release = (event: TouchEvent): void => {
      if (isPressed) event.preventDefault();
      isPressed = false;
    };
    // Lifting the finger must not tap what has opened under it.
    element.addEventListener('touchend', release, { signal, passive: false });
    element.addEventListener('pointerdown', down, { signal, passive: true });
    element.addEventListener('pointermove', move, { signal, passive: true });
    for (const kind of ['pointerup', 'pointercancel', 'pointerleave'] as const)
      element.addEventListener(kind, end, { signal, passive: true });
    element.addEventListener(
      'contextmenu',
      (event) => {
        if (isTouch) event.preventDefault();
      },
      { signal },
    );
    return () => {
      end();
      stop.abort();
    };
  };
}
