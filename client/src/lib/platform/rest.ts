/** Calls `rest` when nobody looks any more, with true when the page may be gone in a moment; gives the stop. */
export function listenForRest(rest: (isGoing: boolean) => void): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const unseen = (): void => {
    rest(false);
  };
  window.addEventListener('blur', unseen, { signal });
  document.addEventListener(
    'visibilitychange',
    () => {
      if (document.visibilityState === 'hidden') unseen();
    },
    { signal },
  );
  window.addEventListener(
    'pagehide',
    () => {
      rest(true);
    },
    { signal },
  );
  return () => {
    stop.abort();
  };
}
