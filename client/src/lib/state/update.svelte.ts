/** How often (ms) a page that stays open asks for a new version. */
const INTERVAL = 60 * 60_000;

/** The service worker: keeps the client's files for a reload without a server, and tells of a new version of them. */
export class Update {
  /** A new version is here and waits for a reload. */
  ready = $state(false);
  readonly #leisure: Promise<void>;
  #waiting: ServiceWorker | undefined;
  #asked = false;

  /** `leisure`: from then on files may be fetched that nobody waits for. */
  constructor(leisure: Promise<void>) {
    this.#leisure = leisure;
  }

  /** Gives the stop. Nothing happens where the browser has no service workers or does not trust the certificate. */
  start(): () => void {
    const workers = (navigator as Partial<Navigator>).serviceWorker;
    if (!import.meta.env.PROD || workers === undefined) return () => undefined;
    const stop = new AbortController();
    const { signal } = stop;
    workers.addEventListener(
      'controllerchange',
      () => {
        if (this.#asked) location.reload();
      },
      { signal },
    );
    let timer: ReturnType<typeof setInterval> | undefined;
    const register = async (): Promise<void> => {
      // What is kept for later must not delay what is wanted now.
      await this.#leisure;
      if (signal.aborted) return;
      const registration = await workers.register('/sw.js', { updateViaCache: 'none' });
      if (signal.aborted) return;
      this.#watch(registration, signal);
      timer = setInterval(() => {
        registration.update().catch(() => undefined);
      }, INTERVAL);
    };
    register().catch(() => undefined);
    return () => {
      stop.abort();
      clearInterval(timer);
    };
  }

  /** Exchanges the version: the page is loaded anew as soon as the new one is in charge. */
  reload(): void {
    this.#asked = true;
    if (this.#waiting === undefined) location.reload();
    else this.#waiting.postMessage('take-over');
  }

  #watch(registration: ServiceWorkerRegistration, signal: AbortSignal): void {
    const note = (worker: ServiceWorker | null): void => {
      // The first one of all has nothing to exchange.
      if (worker === null || navigator.serviceWorker.controller === null) return;
      this.#waiting = worker;
      this.ready = true;
    };
    note(registration.waiting);
    registration.addEventListener(
      'updatefound',
      () => {
        const { installing } = registration;
        installing?.addEventListener(
          'statechange',
          () => {
            if (installing.state === 'installed') note(registration.waiting);
          },
          { signal },
        );
      },
      { signal },
    );
  }
}
