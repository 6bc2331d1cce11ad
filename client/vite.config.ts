import { svelte } from '@sveltejs/vite-plugin-svelte';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';
import { chunkGroups } from './build/chunks.ts';
import { serviceWorker } from './build/service-worker.ts';

const root = import.meta.dirname;

/** The cluster that a dev server without NGINX in front talks to. */
const origin = process.env['PARLEY_ORIGIN'] ?? 'https://localhost:8443';
/** Where the browser reaches a dev server that stands behind NGINX and TLS. */
const publicPort = process.env['VITE_PUBLIC_PORT'];

const upstream = { target: origin, changeOrigin: true, secure: false, headers: { origin } };

export default defineConfig({
  root,
  plugins: [tailwindcss(), svelte({ configFile: `${root}/svelte.config.js` }), serviceWorker(root)],
  build: {
    outDir: '../dist/client',
    emptyOutDir: true,
    target: 'es2023',
    // Fonts and images stay files: the CSP allows 'self', not data:.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: chunkGroups(`${root}/src`) } } },
  },
  server: {
    host: '127.0.0.1',
    strictPort: true,
    allowedHosts: true,
    ...(publicPort ? { hmr: { protocol: 'wss', clientPort: Number(publicPort) } } : {}),
    proxy: { '/api': upstream, '/ws': { ...upstream, ws: true } },
  },
});
