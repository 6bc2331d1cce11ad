import { isMessage, type LogEntry } from '../../../../api/store/log.ts';
import { PEOPLE, ROOMS } from './scenario.ts';
import { changesOf, stateAt, stateOf } from './state.ts';
import type { World } from './world.ts';

/** Catch-ups until a room must be told to its end: each waits 3.5 s for numbers that are decided after 3. */
const MAX_CATCH_UPS = 4;
const LONG = 60_000;
/** ms within which a node has published what it could not. */
const REPUBLISHED = 3_000;

/** All has come to rest: what stands now is what everyone must be told, on every node. */
export async function judge(world: World): Promise<void> {
  for (const room of ROOMS) {
    const reading = Promise.all(world.nodes.map((_, i) => readToEnd(world, i, room))).catch(
      (error: unknown) => world.history.violate(`a read at rest fails: ${String(error)}`),
    );
    await world.simulation.run(world.simulation.now + LONG, true);
    await reading;
    const rows = await world.store.range(room, 1, Infinity, Infinity);
    judgeRows(world, room, rows);
    for (const row of rows) judgeRow(world, row);
  }
  judgeWishes(world);
  await judgeRest(world);
}

async function readToEnd(world: World, index: number, room: string): Promise<void> {
  const node = world.nodes[index]!;
  const reader = world.reader(`last reader ${index}`, room);
  let isAll = false;
  for (let i = 0; i < MAX_CATCH_UPS && !isAll; i++) isAll = await reader.catchUp(node);
  if (!isAll) world.history.violate(`node ${index}: a hole above ${reader.position} stays open`);
  await reader.open(node, 1_000);
  await world.reader(`last gateway ${index}`, room).slice(node);
  await judgeOverview(world, index, room);
}

/** What a room list shows: the head, the newest message as it stands, and what each person has not read. */
async function judgeOverview({ history, nodes }: World, index: number, room: string): Promise<void> {
  const { log } = nodes[index]!;
  const messages = history.log(room).filter(isMessage);
  const top = history.log(room).at(-1)?.seq ?? 0;
  // As a gateway's check against the store does: until then a counter that stepped back can pass for the head.
  await log.highest(room);
  const head = (await log.heads([room])).get(room) ?? 0;
  if (head !== top) history.violate(`node ${index}: the head is ${head} instead of ${top}`);
  const shown = (await log.lastMessages([room])).get(room);
  const newest = messages.at(-1)?.seq;
  const state = newest === undefined ? undefined : stateAt(history, room, newest);
  if (shown?.seq !== newest || shown?.rev !== state?.rev || shown?.text !== state?.text)
    history.violate(
      `node ${index}: the last message is ${JSON.stringify(shown)} instead of ${newest} ${JSON.stringify(state)}`,
    );
  for (const person of PEOPLE) {
    const count = messages.filter(
      ({ kind, sender, seq }) =>
        kind === 'text' && sender !== person && stateAt(history, room, seq)?.deleted === false,
    ).length;
    const told = (await log.unread(person, [{ room, readSeq: 0, head }])).get(room)?.unread;
    if (told !== count) history.violate(`node ${index}: ${told} are unread instead of ${count}`);
  }
}

/** The store holds what landed, without a hole. */
function judgeRows({ history }: World, room: string, rows: readonly LogEntry[]): void {
  const landed = history.log(room);
  const names = (entries: readonly LogEntry[]) => entries.map(({ seq, id }) => `${seq} ${id}`).join();
  if (names(rows) !== names(landed)) history.violate('the store does not hold what landed in it');
  for (const [i, row] of rows.entries()) if (row.seq !== i + 1) history.violate(`${i + 1} stays open`);
}

function judgeRow({ history }: World, row: LogEntry): void {
  const { room, seq } = row;
  if (row.kind === 'void') return;
  if (row.kind === 'change') {
    if (row.pending) history.violate(`change ${seq} stays pending`);
    return;
  }
  const state = stateAt(history, room, seq);
  if (JSON.stringify(stateOf(row)) !== JSON.stringify(state))
    history.violate(`${seq} stands as ${JSON.stringify(stateOf(row))} instead of ${JSON.stringify(state)}`);
  let prev = seq;
  let isDeleted = false;
  for (const change of changesOf(history, room, seq)) {
    if (change.prev !== prev)
      history.violate(`change ${change.seq} follows ${change.prev} instead of ${prev}`);
    if (isDeleted) history.violate(`change ${change.seq} follows a delete`);
    prev = change.seq;
    isDeleted = change.action?.type === 'delete';
  }
}

/** One message for each clientId, with the identity that was acknowledged. */
function judgeWishes({ people, history }: World): void {
  for (const { room, sender, clientId, first } of people.wishes) {
    const stand = history.log(room).filter((entry) => entry.sender === sender && entry.clientId === clientId);
    const [one] = stand;
    if (stand.length !== 1 || first === undefined || one?.id !== first.id || one.seq !== first.seq)
      history.violate(`${clientId} was acknowledged at ${first?.seq} and stands ${stand.length} times`);
  }
}

/** Nothing of a deleted text is left anywhere; nothing is left to publish. */
async function judgeRest(world: World): Promise<void> {
  const { history, store, nodes, simulation } = world;
  for (const room of ROOMS) {
    const rows = JSON.stringify(await store.range(room, 1, Infinity, Infinity));
    for (const { seq, text = '' } of history.log(room)) {
      if (stateAt(history, room, seq)?.deleted !== true) continue;
      const texts = [
        text,
        ...changesOf(history, room, seq).map(({ action }) => (action?.type === 'edit' ? action.text : '')),
      ];
      const left = texts.find((one) => one !== '' && rows.includes(`"${one}"`));
      if (left !== undefined) history.violate(`"${left}" outlives the delete of ${seq}`);
    }
  }
  await simulation.run(simulation.now + REPUBLISHED);
  if (nodes.some(({ log }) => log.publisher.backlog > 0)) history.violate('something stays unpublished');
}
