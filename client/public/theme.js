// Runs before the first paint, so that a dark room never flashes white. A file of its own: the CSP forbids inline scripts.
// Keep in step with src/lib/state/theme.svelte.ts and settings.svelte.ts.
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
  let settings = {};
  try {
    settings = JSON.parse(localStorage.getItem('parley.settings') ?? '{}') ?? {};
  } catch {
    // As it is for everybody.
  }
  const accents = ['lagoon', 'indigo', 'plum', 'forest', 'ember'];
  const sizes = ['small', 'normal', 'large'];
  const { dataset } = document.documentElement;
  dataset.accent = accents.includes(settings.accent) ? settings.accent : 'lagoon';
  dataset.text = sizes.includes(settings.textSize) ? settings.textSize : 'normal';
})();
