import { followingRange } from '../wire/view.ts';
import type { AsideDeps } from './aside.ts';
import { post } from './post.ts';
import type { RoomDeps } from './room-deps.ts';
import type { RoomState } from './room.ts';

/** How what stands beside the timeline reaches the room. */
export function asideDeps(room: RoomState, { engine, threads, onKeepThread }: RoomDeps): AsideDeps {
  const { id } = room;
  return {
    warn: engine.warn,
    fetch: (seqs) => engine.api.messagesAt(id, seqs),
    held: () => room.log.view.messages,
    heldFrom: () => followingRange(room.log.view)?.from,
    thread: (root) => ({
      room: id,
      root,
      fetch: (before) => engine.api.threadPage(id, root, before),
      rows: () => engine.outbox()?.rows(id) ?? [],
      acked: () => room.acked,
      parts: () => ({
        me: engine.me(),
        thresholds: room.people.thresholds(room.room, engine.me()?.id ?? ''),
      }),
      send: (text, options) => post(engine, id, { text, thread: root, ...options }),
      read: (seq) => {
        threads.read(id, root, seq);
      },
      follow: (on) => threads.follow(id, root, on),
      onKeep: () => {
        onKeepThread(root);
      },
    }),
  };
}
