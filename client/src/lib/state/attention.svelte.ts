/** Whether a person looks at this window now: only then is anything marked read. Owned by the app. */
export class Attention {
  #focused = $state(document.hasFocus() && document.visibilityState === 'visible');

  get focused(): boolean {
    return this.#focused;
  }

  /** Gives the stop. */
  start(): () => void {
    const stop = new AbortController();
    const { signal } = stop;
    const look = (): void => {
      this.#focused = document.hasFocus() && document.visibilityState === 'visible';
    };
    window.addEventListener('focus', look, { signal });
    window.addEventListener('blur', look, { signal });
    document.addEventListener('visibilitychange', look, { signal });
    return () => {
      stop.abort();
    };
  }
}
