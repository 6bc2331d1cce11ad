import type { BrowserPerson } from './browser.ts';

/** As text: a function would bring along what its compiler adds. */
const SOCKETS = `{
  const open = new Set();
  let isCut = false;
  globalThis.WebSocket = class extends WebSocket {
    constructor(...args) {
      if (isCut) throw new Error('cut off');
      super(...args);
      open.add(this);
    }
  };
  globalThis.cutSockets = (cut) => {
    isCut = cut;
    if (cut) for (const socket of open) socket.close();
    open.clear();
  };
}`;

/** Prepares a browser whose pages can be cut off: before they are opened. */
export async function preparedToCut(person: BrowserPerson): Promise<void> {
  await person.context.addInitScript({ content: SOCKETS });
}

/** No connection any more, neither for calls nor for the socket, which the browser's own switch leaves alone. */
export async function cutOff({ context, page }: BrowserPerson): Promise<void> {
  await context.setOffline(true);
  await page.evaluate('cutSockets(true)');
  await page.getByText('You are offline').waitFor();
}

/** As it was before; waits until the client says so. */
export async function putThrough({ context, page }: BrowserPerson): Promise<void> {
  await page.evaluate('cutSockets(false)');
  await context.setOffline(false);
  await page.getByText('You are offline').waitFor({ state: 'detached' });
}
