/** What the tabs of one browser share beside their storage. */
import type { Parting } from '../../../shared/sdk/parting.ts';
import type { Tabs } from '../../../shared/sdk/index.ts';

/** One browser's locks and channels: each call of the result gives one more tab. */
export function browser(): () => Tabs {
  let last: Promise<unknown> = Promise.resolve();
  const waiting: (() => void)[] = [];
  const listeners = new Set<{ readonly tab: number; readonly hear: (message: unknown) => void }>();
  let tabs = 0;
  let led = false;
  return () => {
    const tab = (tabs += 1);
    return {
      exclusive: (_name, work) => {
        const done = last.then(work);
        last = done.catch(() => undefined);
        return done;
      },
      lead: (_name, signal, onLead) => {
        const begin = (): void => {
          led = true;
          signal.addEventListener('abort', () => {
            led = false;
            waiting.shift()?.();
          });
          onLead();
        };
        if (led) waiting.push(begin);
        else begin();
      },
      post: (_name, message) => {
        for (const { tab: other, hear } of listeners) if (other !== tab) queueMicrotask(() => hear(message));
      },
      listen: (_name, hear) => {
        const entry = { tab, hear };
        listeners.add(entry);
        return () => listeners.delete(entry);
      },
    };
  };
}

/** localStorage: at once, for all visits; each call of `tab` gives one that hears what the others leave. */
export class MemoryParting {
  readonly left = new Map<string, string>();
  readonly #listeners = new Set<{ readonly tab: object; readonly user: string; readonly hear: () => void }>();

  get listeners(): number {
    return this.#listeners.size;
  }

  tab(): Parting {
    const tab = {};
    return {
      leave: (user, text) => {
        this.left.set(user, text);
        for (const other of this.#listeners)
          if (other.tab !== tab && other.user === user) queueMicrotask(other.hear);
      },
      take: (user) => {
        const text = this.left.get(user);
        this.left.delete(user);
        return text;
      },
      listen: (user, hear) => {
        const entry = { tab, user, hear };
        this.#listeners.add(entry);
        return () => this.#listeners.delete(entry);
      },
    };
  }
}
