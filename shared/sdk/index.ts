/**
 * The chat engine beneath every Parley client: no framework, in the browser and in Node.
 *
 * ```ts
 * import { ParleyClient, ApiError } from '../../shared/sdk/index.ts';
 *
 * const client = new ParleyClient({
 *   origin: location.origin,
 *   cookies: true, // the refresh token is an HttpOnly cookie
 *   storage, // {get, set, delete} over IndexedDB: the outbox lives there
 *   cache, // a RoomCache: what was last seen, shown at once and offline; memoryRoomCache() in tests
 *   warn: (message, error) => console.warn(message, error),
 * });
 * addEventListener('online', () => client.wake());
 * document.addEventListener('visibilitychange', () => document.hidden || client.wake());
 *
 * await client.restore(); // settles once the server has answered; watch client.auth meanwhile
 * if (client.auth.get().name === 'signed-out') {
 *   try {
 *     await client.login({ username: 'ada', password });
 *   } catch (error) {
 *     if (error instanceof ApiError) show(error.message, error.fields, error.retryAfterMs);
 *   }
 * }
 *
 * client.connection.subscribe((state) => bar(state)); // online, catching-up {rooms}, waiting {at}, stopped {reason} …
 * client.rooms.subscribe((rooms) => list(rooms)); // latest activity first, me.unread kept live
 *
 * const room = client.room(await client.createRoom({ type: 'dm', user: 'grace' }));
 * const stop = room.timeline.subscribe(({ items }) => draw(items)); // unchanged rows stay the same objects
 * draw(room.timeline.get().items); // subscribe tells of changes only: draw the present first
 * await room.open(); // loads the newest page; retried by itself after a reconnect when it failed
 * const key = room.send('hello'); // a row at once: queued → sending → sent → delivered → read, or failed {reason}
 * const photo = await room.upload(file, { name: file.name, onProgress: (sent, total) => bar(sent / total) });
 * room.send('', { attachments: [photo] });
 * room.retry(key); // or room.discard(key), of a failed one
 * await room.edit(seq, 'hello again'); // remove(seq), react(seq, '👍', true): at once, by REST; rejects with ApiError
 * await room.loadOlder(); // until timeline.get().atStart
 * room.markRead(); // when the newest is seen
 * room.setTyping(); // on each key; room.typing says who else
 * stop();
 * ```
 *
 * While `auth` is `restoring` and names `me`, writing works already: it waits. `client.refused` lists what was not taken in
 * rooms one is out of.
 *
 * In Node `fileStorage(path)` of shared/node/file-storage.ts keeps session and outbox over a crash. In Node 20 pass `connect: (url, protocol) => new WebSocket(url, protocol)` with `ws`'s WebSocket.
 */
export { ParleyClient } from './client.ts';
export { ApiError } from './errors.ts';
export { memoryRoomCache } from './memory-cache.ts';
export type { RoomCache } from './room-cache.ts';
export { memoryStorage, presumeSession } from './storage.ts';
export { alone, browserTabs, type Tabs } from './tabs.ts';
export { DEFAULT_TIMING, type Timing } from './timing.ts';
export type * from './types.ts';
export type { SendBytes, UploadAnswer, UploadRequest } from './upload.ts';
