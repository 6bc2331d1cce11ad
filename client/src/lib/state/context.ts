import { createContext } from 'svelte';
import type { App } from './app.svelte.ts';

/** The app of the tree one stands in: `setApp` at the root, `getApp` anywhere below. */
export const [getApp, setApp] = createContext<App>();
