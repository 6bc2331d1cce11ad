import { call, type Person } from '../support/person.ts';
import type { MessagePage, Room } from '../../shared/wire/rest.ts';
import { rowOf } from './device.ts';
import type { FreshRead, Row, Unread } from './history.ts';

/** Reads a room page by page from its newest message to its first, from the API node at `origin`. */
export async function readRoom(reader: Person, origin: string, room: string): Promise<FreshRead> {
  let rows: Row[] = [];
  let query = '?limit=200';
  for (;;) {
    const page = await get<MessagePage>(reader, origin, `/rooms/${room}/messages${query}`);
    rows = [...page.messages.map(rowOf), ...rows];
    const [from, to] = page.complete;
    if (from > to || from <= 1) return { room, node: origin, rows };
    query = `?limit=200&before=${from}`;
  }
}

/** What the API says of the person's unread messages in `rooms`. */
export async function readUnread(
  person: Person,
  origin: string,
  rooms: readonly string[],
): Promise<Unread[]> {
  const answer = await get<{ rooms: readonly Room[] }>(person, origin, '/rooms');
  return answer.rooms
    .filter(({ id }) => rooms.includes(id))
    .map(({ id, me }) => ({ user: person.id, room: id, readSeq: me.readSeq, unread: me.unread }));
}

async function get<T>({ token }: Person, origin: string, path: string): Promise<T> {
  const { status, body } = await call<T>({ origin }, 'GET', path, { token });
  if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`);
  return body;
}
