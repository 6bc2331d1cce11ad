import { each } from '../../shared/node/each.ts';
import type { CreateRoomBody, Room } from '../../shared/wire/rest.ts';
import type { RoomPlan } from '../layout.ts';
import { patiently, type Rest } from '../rest.ts';
import type { Account, Store } from './store.ts';

const AT_ONCE = 8;
/** Users that one call may name. */
const MEMBERS_PER_CALL = 400;

/** Sees to it that the rooms are there, with their members; gives their ids in the same order, and how many were made. */
export async function ensureRooms(
  rest: Rest,
  store: Store,
  plans: readonly RoomPlan[],
  onProgress: (done: number) => void,
): Promise<{ readonly ids: readonly string[]; readonly made: number }> {
  const { users, rooms } = store.saved;
  const existing = await roomsThatExist(rest, store, plans);
  let [done, made] = [0, 0];
  const ids = await each(plans, AT_ONCE, async (plan) => {
    const known = rooms[plan.key];
    const isThere = known !== undefined && existing.has(known);
    const id = isThere ? known : await make(rest, plan, users);
    if (!isThere) made += 1;
    rooms[plan.key] = id;
    onProgress(++done);
    return id;
  });
  await store.save();
  return { ids, made };
}

/** One call for each who makes rooms; a room is gone when its maker does not list it. */
async function roomsThatExist(
  rest: Rest,
  { saved }: Store,
  plans: readonly RoomPlan[],
): Promise<ReadonlySet<string>> {
  const makers = [...new Set(plans.filter(({ key }) => key in saved.rooms).map(({ members }) => members[0]))];
  const found = new Set<string>();
  await each(makers, AT_ONCE, async (index = 0) => {
    const maker = saved.users[index];
    if (maker === undefined) return;
    const { rooms } = await patiently(() =>
      rest.as<{ rooms: readonly Room[] }>(maker.accessToken, 'GET', '/rooms'),
    );
    for (const { id } of rooms) found.add(id);
  });
  return found;
}

async function make(rest: Rest, plan: RoomPlan, users: readonly Account[]): Promise<string> {
  const [maker, ...others] = plan.members.flatMap((member) => users[member] ?? []);
  if (maker === undefined) throw new Error(`room ${plan.key} has no members`);
  const ids = others.map(({ id }) => id);
  const body: CreateRoomBody =
    plan.type === 'dm'
      ? { type: 'dm', user: ids[0] ?? maker.id }
      : { type: 'group', name: plan.key, members: ids.slice(0, MEMBERS_PER_CALL), clientId: plan.key };
  const { id } = await patiently(() => rest.as<Room>(maker.accessToken, 'POST', '/rooms', { body }));
  for (let at = MEMBERS_PER_CALL; plan.type === 'group' && at < ids.length; at += MEMBERS_PER_CALL) {
    const some = { body: { users: ids.slice(at, at + MEMBERS_PER_CALL) } };
    await patiently(() => rest.as(maker.accessToken, 'POST', `/rooms/${id}/members`, some));
  }
  return id;
}
