import type { History } from './history.ts';

const INTERVAL = 100;
/** ms by which a timer may be late before the machine counts as too busy to be judged by the clock. */
const TOO_LATE = 400;

/** Notes when this process did not get its turn: the nodes share the machine, and do not get theirs either. Gives the end. */
export function watchMachine(history: History): () => void {
  let last = history.now;
  const timer = setInterval(() => {
    if (history.now - last > INTERVAL + TOO_LATE) history.wasBusy(last);
    last = history.now;
  }, INTERVAL);
  return () => clearInterval(timer);
}
