import { unavailable } from '../../shared/node/errors.ts';

/**
 * ms a write may take altogether: well below the 5 s after which a gateway asks another node. A store that hangs shows in
 * nothing else, and people must hear soon that they have to try again.
 */
export const ANSWER_TIME = 3_000;

/**
 * What `work` gives, or `unavailable` when that takes longer than `ms`. The work itself goes on: its outcome is open to
 * the caller, and a retry finds it.
 */
export async function within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(unavailable(what)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
