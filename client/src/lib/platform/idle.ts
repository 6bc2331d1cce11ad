import { Idleness } from '../chat/idleness.ts';

/** What somebody at the device does, beside moving. */
const SIGNS = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const;

/** Tells when nobody is at the device any more, and when somebody is back; gives the stop. */
export function watchIdle(tell: (away: boolean) => void): () => void {
  const idleness = new Idleness(tell, {
    now: () => performance.now(),
    after: (ms, run) => {
      const timer = setTimeout(run, ms);
      return () => {
        clearTimeout(timer);
      };
    },
  });
  const stop = new AbortController();
  const options = { signal: stop.signal, passive: true, capture: true };
  const touched = (): void => {
    idleness.touched();
  };
  for (const sign of SIGNS) window.addEventListener(sign, touched, options);
  // Of the window; elements get theirs also from the client itself.
  window.addEventListener('focus', touched, { signal: stop.signal });
  let at = { x: NaN, y: NaN };
  const moved = ({ clientX: x, clientY: y }: PointerEvent): void => {
    // What moves under a pointer at rest is told as a movement, too.
    if (x === at.x && y === at.y) return;
    at = { x, y };
    idleness.touched();
  };
  window.addEventListener('pointermove', moved, options);
  const look = (): void => {
    idleness.shown(document.visibilityState === 'visible');
  };
  document.addEventListener('visibilitychange', look, options);
  look();
  return () => {
    stop.abort();
    idleness.stop();
  };
}
