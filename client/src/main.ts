import { mount } from 'svelte';
import { ParleyClient } from '../../shared/sdk/index.ts';
import type { Client } from '../../shared/sdk/types.ts';
import './app.css';
import Root from './Root.svelte';
import { indexedRoomCache } from './lib/platform/room-cache.ts';
import { localParting } from './lib/platform/local.ts';
import { browserStorage } from './lib/platform/storage.ts';
import { App } from './lib/state/app.svelte.ts';

/** The real engine; in development, `?mock` gives one without a server. */
async function createClient(): Promise<Client> {
  if (import.meta.env.DEV || import.meta.env.VITE_MOCK) {
    const wanted = import.meta.env.VITE_MOCK ?? new URLSearchParams(location.search).get('mock');
    if (wanted !== null) {
      const { MockClient } = await import('./dev/mock-client.ts');
      return new MockClient();
    }
  }
  const [storage, cache] = await Promise.all([browserStorage(), indexedRoomCache()]);
  return new ParleyClient({ origin: location.origin, cookies: true, storage, cache, parting: localParting });
}

const target = document.querySelector('#app');
if (target === null) throw new Error('index.html lacks #app');
const app = new App(await createClient());
mount(Root, { target, props: { app } });
