/** Calls `wake` when the platform hints that the network is back or the page is seen again; gives the stop. */
export function listenForWake(wake: () => void): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  window.addEventListener('online', wake, { signal });
  window.addEventListener('pageshow', wake, { signal });
  document.addEventListener(
    'visibilitychange',
    () => {
      if (document.visibilityState === 'visible') wake();
    },
    { signal },
  );
  return () => {
    stop.abort();
  };
}
