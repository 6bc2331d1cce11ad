/** Read by svelte-check and editors; Vite's own options are in vite.config.ts. */
export default {
  compilerOptions: { runes: true },
};
