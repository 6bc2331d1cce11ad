/**
 * Keeps the app above a keyboard that lies over the page (iOS); elsewhere the page shrinks by itself. Gives the stop.
 */
export function fitAboveKeyboard(): () => void {
  const seen = window.visualViewport;
  if (seen === null) return () => undefined;
  const { style } = document.documentElement;
  const fit = (): void => {
    // Somebody who zooms in wants to see a part of it, not all of it small.
    const isCovered = Math.abs(seen.scale - 1) < 0.01 && window.innerHeight - seen.height > 1;
    if (!isCovered) {
      style.removeProperty('--seen-height');
      return;
    }
    style.setProperty('--seen-height', `${String(seen.height)}px`);
    // The browser moved the page up to show the field, which now stands in view anyway.
    window.scrollTo(0, 0);
  };
  const stop = new AbortController();
  for (const kind of ['resize', 'scroll']) seen.addEventListener(kind, fit, { signal: stop.signal });
  fit();
  return () => {
    stop.abort();
    style.removeProperty('--seen-height');
  };
}
