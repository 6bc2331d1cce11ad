import { build, type Plugin } from 'vite';
import type { Shell } from '../src/worker/shell.ts';

/** Files of `public/` that the page needs. */
const PUBLIC = ['theme.js', 'favicon.svg'];
/** Read when they are needed: letters that many never see, which the system's own fonts have as well. */
const LEFT_OUT = /\.map$|-(?:cyrillic|greek|vietnamese)[\w-]*\.woff2$/;

/** Builds the service worker behind the client, with the list of the files it keeps. */
export function serviceWorker(root: string): Plugin {
  return {
    name: 'parley-service-worker',
    apply: 'build',
    enforce: 'post',
    async generateBundle(_options, bundle) {
      const built = Object.keys(bundle).filter((name) => !LEFT_OUT.test(name));
      built.sort();
      // What is not named by its content is hashed by it.
      const page = bundle['index.html'];
      const contents = await Promise.all(
        PUBLIC.map((name) => this.fs.readFile(`${root}/public/${name}`, { encoding: 'utf8' })),
      );
      const version = await digest([
        ...built,
        ...contents,
        page?.type === 'asset' ? String(page.source) : '',
      ]);
      const files = [...new Set([...built, ...PUBLIC, 'index.html'])].map((name) => `/${name}`);
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: await compile(root, { version, files }) });
    },
  };
}

async function compile(root: string, shell: Shell): Promise<string> {
  const result = await build({
    ...{ root, configFile: false, publicDir: false, logLevel: 'warn' },
    define: { __SHELL__: JSON.stringify(shell) },
    build: {
      write: false,
      target: 'es2023',
      lib: { entry: `${root}/src/worker/sw.ts`, formats: ['iife'], name: 'worker' },
    },
  });
  const [output] = Array.isArray(result) ? result : [result];
  const chunk = output !== undefined && 'output' in output ? output.output[0] : undefined;
  if (chunk === undefined) throw new Error('the service worker was not built');
  return chunk.code;
}

async function digest(parts: readonly string[]): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(parts));
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(hash.slice(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
