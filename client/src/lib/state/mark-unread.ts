import type { App } from './app.svelte.ts';

/**
 * Marks a room unread from the message `from` on; without one, from the newest by somebody else. What is open is left, or it would
 * be read at once; but only once it is known that there is something to mark, which `onFound` hears. Rejects as the engine does.
 */
export async function markUnread(
  { client, router, places }: Pick<App, 'client' | 'router' | 'places'>,
  room: string,
  { from, onFound }: { readonly from?: number; readonly onFound?: () => void } = {},
): Promise<void> {
  const found = (): void => {
    onFound?.();
    if (router.roomId === room) router.go({ name: 'home' });
  };
  await client.own.markUnread(room, found, from);
  // One comes back to what is unread, not to where one stood.
  places.drop(room);
}
