import { randomUUID } from 'node:crypto';
import mongoose from 'mongoose';
import { API_PREFIX, type Attachment, type Message, type Room, type Session } from '../shared/wire/rest.ts';
import type { Cluster } from './cluster.ts';
import {
  DEMO_PASSWORD,
  PEOPLE,
  ROOMS,
  STATUSES,
  type DemoRoom,
  type Line,
  type Username,
} from './demo-content.ts';
import { drawFile, type DemoFile } from './demo-files.ts';
import { SetupError } from './errors.ts';
import type { Output } from './output.ts';

const TIMEOUT = 15_000;

/** Fills an empty store with people, rooms and conversations through the REST API; leaves any other store as it is. */
export async function fillDemo(cluster: Cluster, output: Output): Promise<void> {
  if (!(await isEmpty(cluster.mongodbUrl))) {
    output.line('demo', 'the store is not empty: nothing was added (an empty one: --data DIR)');
    return;
  }
  const [node] = cluster.apiNodes;
  if (node === undefined) throw new SetupError('no API node runs');
  const base = `http://127.0.0.1:${node.port}${API_PREFIX}`;
  output.progress('demo', 'people, rooms and conversations');
  const tokens = new Map<Username, string>();
  for (const person of PEOPLE) {
    const body = { ...person, password: DEMO_PASSWORD };
    const session = await call<Session>(`${base}/auth/register`, 'POST', undefined, body);
    tokens.set(person.username, session.accessToken);
    const status = STATUSES[person.username];
    if (status === undefined) continue;
    const said = { status: status.text, statusEmoji: status.emoji };
    await call(`${base}/users/me`, 'PATCH', session.accessToken, said);
  }
  const as = (user: Username): string => tokens.get(user) ?? '';
  for (const room of ROOMS) await fillRoom(base, room, as);
  output.line(
    'demo',
    `sign in as ${PEOPLE.map((person) => person.username).join(', ')}: password ${DEMO_PASSWORD}`,
  );
}

async function isEmpty(url: string): Promise<boolean> {
  const client = new mongoose.mongo.MongoClient(url, { serverSelectionTimeoutMS: TIMEOUT });
  try {
    return (
      (await client
        .db()
        .collection('users')
        .findOne({}, { projection: { _id: 1 } })) === null
    );
  } finally {
    await client.close();
  }
}

async function fillRoom(base: string, demo: DemoRoom, as: (user: Username) => string): Promise<void> {
  const { room, members, lines } = demo;
  const isPublic = room.type === 'channel' && room.public === true;
  const body = room.type === 'dm' || isPublic ? room : { ...room, members };
  const { id } = await call<Room>(`${base}/rooms`, 'POST', as(demo.by), body);
  if (isPublic) for (const user of members) await call(`${base}/rooms/${id}/join`, 'POST', as(user));

  const seqs: number[] = [];
  for (const line of lines) seqs.push(await say(base, id, line, seqs, as));
  const read = new Map<Username, number | undefined>();
  // Who writes has read what stands above.
  for (const [index, { by }] of lines.entries()) read.set(by, seqs[index]);
  for (const user of demo.readBy) read.set(user, seqs.at(-1));
  for (const [user, seq] of read) await call(`${base}/rooms/${id}/read`, 'POST', as(user), { seq });
}

/** Sends a line with all that belongs to it; gives its number. */
async function say(
  base: string,
  room: string,
  { by, text, re, under, file, reactions = {}, pinned }: Line,
  seqs: readonly number[],
  as: (user: Username) => string,
): Promise<number> {
  const path = `${base}/rooms/${room}/messages`;
  const attachments = file === undefined ? undefined : [await upload(base, room, file, as(by))];
  const { seq } = await call<Message>(path, 'POST', as(by), {
    clientId: randomUUID(),
    text,
    replyTo: re === undefined ? undefined : seqs[re],
    thread: under === undefined ? undefined : seqs[under],
    attachments,
  });
  for (const [emoji, users] of Object.entries(reactions))
    for (const user of users)
      await call(`${path}/${seq}/reactions/${encodeURIComponent(emoji)}`, 'PUT', as(user));
  if (pinned !== undefined) await call(`${path}/${seq}/pin`, 'PUT', as(pinned));
  return seq;
}

/** Puts a file into a room for a message to carry; gives its id. */
async function upload(base: string, room: string, name: DemoFile, token: string): Promise<string> {
  const query = new URLSearchParams({ room, name });
  const response = await fetch(`${base}/attachments?${query.toString()}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: await drawFile(name),
    signal: AbortSignal.timeout(TIMEOUT),
  });
  if (!response.ok) throw new SetupError(`${name} was answered with ${response.status}`);
  return ((await response.json()) as Attachment).id;
}

/** One call; gives the parsed answer (undefined for 204), throws with the server's own words on anything but a 2xx. */
async function call<T>(url: string, method: string, token?: string, body?: object): Promise<T> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: body === undefined ? null : JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT),
  });
  const text = await response.text();
  if (!response.ok)
    throw new SetupError(`${method} ${new URL(url).pathname}: ${response.status} ${text.slice(0, 300)}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}
