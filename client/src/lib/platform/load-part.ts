/** Browsers name the address in the error, except Safari, which asks again by itself. */
const ADDRESS = /https?:\/\/\S+\.js/;
let attempts = 0;

/**
 * A part of the client that is fetched when it is wanted: `load` imports it. Where that fails it is tried once more under another
 * address, since Chromium (150 at least) remembers for as long as the page lives that a module could not be had. Rejects as `load`.
 */
export async function loadPart<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const address = ADDRESS.exec(error instanceof Error ? error.message : '')?.[0];
    if (address === undefined || new URL(address).origin !== location.origin) throw error;
    attempts += 1;
    return (await import(/* @vite-ignore */ `${address}?again=${attempts}`)) as T;
  }
}
