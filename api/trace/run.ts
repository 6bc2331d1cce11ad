import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { connectStore } from '../store/connect.ts';
import { MemberStore } from '../store/members.ts';
import { RoomStore } from '../store/rooms.ts';
import type { LogRow } from '../store/log-rows.ts';
import { TraceStore } from '../store/traces.ts';
import { UserStore } from '../store/users.ts';
import { readFacts, type Facts } from './facts.ts';
import { TrailReader, type Trail } from './logs.ts';
import { print } from './print.ts';
import { seqsOf, tell } from './story.ts';

export interface Question {
  /** A message's id, or that of a change or a void. */
  readonly id: string;
  readonly mongodbUrl: string;
  /** Files of JSON lines; `-` is standard input. */
  readonly logs: readonly string[];
  readonly json: boolean;
}

/** The answer as text; rejects with one line that says what is wrong. */
export async function trace({ id, mongodbUrl, logs, json }: Question): Promise<string> {
  if (!/^[0-9a-f]{24}$/.test(id))
    throw new Error(`"${id}" is no message id: those are 24 digits from 0 to f.`);
  const facts = await readStore(mongodbUrl, id);
  if (facts === undefined)
    throw new Error(`Nothing with the id ${id} is stored: it never was, or its room is deleted.`);
  const story = tell(facts, await readTrail(logs, facts));
  return json ? `${JSON.stringify(story, null, 2)}\n` : print(story);
}

async function readStore(url: string, id: string): Promise<Facts | undefined> {
  const db = await connectStore(url);
  try {
    const native = db.connection.getClient().db();
    const traces = new TraceStore({
      log: native.collection<LogRow>('log'),
      search: native.collection('search'),
    });
    const stores = { rooms: new RoomStore(db), members: new MemberStore(db), users: new UserStore(db) };
    return await readFacts({ ...stores, traces }, id);
  } finally {
    await db.disconnect();
  }
}

async function readTrail(files: readonly string[], facts: Facts): Promise<Trail> {
  const reader = new TrailReader(facts.entry.room, seqsOf(facts));
  for (const file of files) {
    const input = file === '-' ? process.stdin : createReadStream(file);
    for await (const line of createInterface({ input, crlfDelay: Infinity })) reader.take(line);
  }
  return reader.trail;
}
