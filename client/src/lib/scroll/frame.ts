/** How a callback is put off to the next frame; gives its cancel. */
export type Schedule = (callback: () => void) => () => void;

/** ms after which a frame that does not come (a hidden tab draws none) is given up on. */
const HIDDEN_DELAY = 250;

/** The next animation frame, or a quarter of a second in a tab that draws none. */
export const nextFrame: Schedule = (callback) => {
  const run = (): void => {
    cancel();
    callback();
  };
  const frame = requestAnimationFrame(run);
  const timer = setTimeout(run, HIDDEN_DELAY);
  const cancel = (): void => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
  return cancel;
};

/** Runs `callback` at most once per scheduled turn, however often it is requested. */
export function coalesce(callback: () => void, schedule: Schedule): { request(): void; cancel(): void } {
  let cancel: (() => void) | undefined;
  return {
    request() {
      cancel ??= schedule(() => {
        cancel = undefined;
        callback();
      });
    },
    cancel() {
      cancel?.();
      cancel = undefined;
    },
  };
}
