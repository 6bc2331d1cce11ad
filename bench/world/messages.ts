import mongoose from 'mongoose';
import { toRow } from '../../api/services/search/rows.ts';
import type { LogEntry } from '../../api/store/log.ts';
import { toRow as toLogRow, type LogRow } from '../../api/store/log-rows.ts';
import { MongoSearchStore } from '../../api/store/search-mongo.ts';
import { each } from '../../shared/node/each.ts';
import type { Attachment } from '../../shared/wire/rest.ts';
import { createRandom } from './random.ts';
import { anyRank, wordOf } from './vocabulary.ts';
import type { World } from './world.ts';

const { ObjectId } = mongoose.mongo;

const BATCH = 1_000;
/** Batches under way: the store has more than one core. */
const PARALLEL = 3;
const WORDS = 12;
/** ms over which the messages are spread, up to now. */
const PERIOD = 365 * 86_400_000;
const SEED = 20_261_121;

/**
 * Fills the rooms of a world with a year's messages, in the log and in the search index as an indexer would: a few rooms
 * have most of them, and of the words a few are in most. Sending them would take hours.
 */
export async function seedMessages(
  db: mongoose.mongo.Db,
  world: World,
  count: number,
  note: (text: string) => void,
): Promise<void> {
  const writers = writersOf(world);
  const random = createRandom(SEED);
  const heads = new Map<string, number>();
  const now = Date.now();
  const index = new MongoSearchStore(db.collection('search'));
  const next = (i: number): LogEntry => {
    const room = world.rooms[Math.floor(world.rooms.length * random() ** 3)] ?? '';
    const seq = (heads.get(room) ?? 0) + 1;
    heads.set(room, seq);
    const here = writers.get(room) ?? [];
    const sender = here[Math.floor(random() * here.length)] ?? '';
    const at = new Date(now - PERIOD * (1 - i / count));
    return {
      ...messageOf(random),
      id: idOf(),
      kind: 'text',
      clientId: `seed-${i}`,
      room,
      seq,
      rev: seq,
      sender,
      at,
    };
  };
  for (let done = 0; done < count; done += BATCH * PARALLEL) {
    const part = Array.from({ length: Math.min(BATCH * PARALLEL, count - done) }, (_, i) => next(done + i));
    const batches = Array.from({ length: PARALLEL }, (_, i) => part.slice(i * BATCH, (i + 1) * BATCH));
    await each(
      batches.filter((batch) => batch.length > 0),
      PARALLEL,
      async (batch) => {
        await db.collection<LogRow>('log').insertMany(batch.map(toLogRow), { ordered: false });
        await index.put(batch.map(toRow));
      },
    );
    if (done % 60_000 === 0) note(`${(done + part.length).toLocaleString('en-US')} messages written`);
  }
  await setHeads(db, heads);
}

function writersOf({ people }: World): ReadonlyMap<string, readonly string[]> {
  const writers = new Map<string, string[]>();
  for (const { user, rooms } of people)
    for (const room of rooms) writers.set(room, [...(writers.get(room) ?? []), user]);
  return writers;
}

/** One in twenty has a link, one in forty a picture, one in eighty another file. */
function messageOf(random: () => number): Pick<LogEntry, 'text' | 'attachments'> {
  const words = Array.from({ length: WORDS }, () => wordOf(anyRank(random)));
  const kind = random();
  if (kind < 0.05) return { text: `${words.join(' ')} https://example.org/${words[0] ?? ''}` };
  const text = words.join(' ');
  if (kind < 0.075)
    return { text, attachments: [fileOf('photo.jpg', 'image/jpeg', { width: 800, height: 600 })] };
  return kind < 0.0875 ? { text, attachments: [fileOf('notes.pdf', 'application/pdf')] } : { text };
}

const fileOf = (name: string, type: string, size: Partial<Attachment> = {}): Attachment => ({
  ...{ id: idOf(), name, type, size: 1_000 },
  ...size,
});

const idOf = (): string => new ObjectId().toHexString();

/** With the index at the head of each room, no indexer has anything to do. */
async function setHeads(db: mongoose.mongo.Db, heads: ReadonlyMap<string, number>): Promise<void> {
  const updates = [...heads].map(([room, head]) => ({
    updateOne: { filter: { _id: new ObjectId(room) }, update: { $set: { lastSeq: head, indexedSeq: head } } },
  }));
  for (let i = 0; i < updates.length; i += BATCH)
    await db.collection('rooms').bulkWrite(updates.slice(i, i + BATCH), { ordered: false });
}
