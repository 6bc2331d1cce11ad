/** What several tabs of one browser share: who does the work, who may write, and news of each other. */
export interface Tabs {
  /** Runs `work` while nobody else is in the section of this name. */
  exclusive<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Calls `onLead` once this tab is the only leader of this name; it stays so until `signal` aborts. */
  lead(name: string, signal: AbortSignal, onLead: () => void): void;
  /** Tells the other tabs; `listen` hears them and gives the end of it. */
  post(name: string, message: unknown): void;
  listen(name: string, listener: (message: unknown) => void): () => void;
}

/** One process with a storage of its own: it leads, and waits for nobody but itself. */
export function alone(): Tabs {
  let last: Promise<unknown> = Promise.resolve();
  return {
    exclusive: (_name, work) => {
      const done = last.then(work, work);
      last = done.catch(() => undefined);
      return done;
    },
    lead: (_name, _signal, onLead) => {
      onLead();
    },
    post: () => undefined,
    listen: () => () => undefined,
  };
}

/** Web Locks and BroadcastChannel; a browser without them (an insecure origin) counts as one tab. */
export function browserTabs(): Tabs {
  const locks = globalThis.navigator?.locks as LockManager | undefined;
  if (locks === undefined || typeof BroadcastChannel === 'undefined') return alone();
  return {
    exclusive: async (name, work) => await locks.request(name, work),
    lead: (name, signal, onLead) => {
      const hold = (): Promise<void> =>
        new Promise((resolve) => {
          if (signal.aborted) return resolve();
          signal.addEventListener('abort', () => {
            resolve();
          });
          onLead();
        });
      // It rejects only when aborted before its turn came, which is what aborting is for.
      locks.request(`${name}:lead`, { signal }, hold).catch(() => undefined);
    },
    post: (name, message) => {
      const channel = new BroadcastChannel(name);
      channel.postMessage(message);
      channel.close();
    },
    listen: (name, listener) => {
      const channel = new BroadcastChannel(name);
      channel.onmessage = ({ data }) => {
        listener(data);
      };
      return () => {
        channel.close();
      };
    },
  };
}
