import type { Room } from '../../../shared/wire/rest.ts';
import { inventMessage, PEOPLE, type RoomSeed } from './mock-data.ts';

/** An invented conversation's line in the list; `now`: ms since the epoch, when its last message came. */
export function mockSummary(seed: RoomSeed, now: number): Room {
  const peer = PEOPLE.find((person) => person.id === seed.with[0]);
  const last = seed.messages > 0 ? inventMessage(seed, seed.messages, now) : undefined;
  return {
    id: seed.id,
    type: seed.type,
    public: seed.public ?? false,
    v: 1,
    head: seed.messages,
    members: seed.with.length + 1,
    ...(seed.name === undefined ? {} : { name: seed.name }),
    ...(seed.topic === undefined ? {} : { topic: seed.topic }),
    ...(last === undefined ? {} : { lastMessage: last }),
    ...(seed.type === 'dm' && peer !== undefined ? { peer } : {}),
    me: {
      role: seed.type === 'group' ? 'owner' : 'member',
      readSeq: seed.messages - seed.unread,
      unread: Math.min(seed.unread, 100),
      mentions: seed.id === 'r-harbour' ? 1 : 0,
      notify: seed.muted ? 'none' : 'all',
      favourite: seed.favourite ?? false,
    },
  };
}
