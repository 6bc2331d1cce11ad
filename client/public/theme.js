// Runs before the first paint, so that a dark room never flashes white. A file of its own: the CSP forbids inline scripts.
// Keep in step with src/lib/state/theme.svelte.ts.
(() => {
  let choice = null;
  try {
    choice = localStorage.getItem('parley.theme');
  } catch {
    // Storage may be forbidden; the system's choice stands.
  }
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  const contrast = matchMedia('(prefers-contrast: more)').matches;
  const known = ['light', 'dark', 'contrast'];
  const theme = known.includes(choice) ? choice : contrast ? 'contrast' : dark ? 'dark' : 'light';
  document.documentElement.dataset.theme = theme;
})();
