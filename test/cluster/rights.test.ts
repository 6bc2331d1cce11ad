import { expect } from 'chai';
import { mongo } from 'mongoose';
import { RELATIONS, type Relation } from '../../api/rights/people.ts';
import { STANDINGS, verdictOf, type Standing, type Verdict } from '../../api/rights/standings.ts';
import {
  OF_PEOPLE,
  personRight,
  ROOM_RIGHTS,
  roomRight,
  type PersonAction,
  type RoomAction,
} from '../../api/rights/table.ts';
import { each } from '../../shared/node/each.ts';
import type { TestCluster } from '../support/cluster.ts';
import { PASSWORD } from '../support/person.ts';
import { clusterWire } from '../support/rights/cluster-wire.ts';
import { FRAME_ACTS, type FrameAct } from '../support/rights/frame-acts.ts';
import { PERSON_FRAME_ACTS, type PersonFrameAct } from '../support/rights/person-frame-acts.ts';
import { PersonScene } from '../support/rights/person-scene.ts';
import { PLACES, type Place } from '../support/rights/scene.ts';
import { SocketScene } from '../support/rights/socket-scene.ts';
import { sentence, tryCell, WHO } from '../support/rights/try.ts';
import { World } from '../support/rights/world.ts';
import { startClusterOnSharedStore } from '../support/shared-store.ts';

const ACTIONS = Object.keys(ROOM_RIGHTS) as RoomAction[];
const PERSON_ACTIONS = Object.keys(OF_PEOPLE) as PersonAction[];
/** Rooms tried at once. */
const CONCURRENCY = 6;

/** One cell, and how it ended. */
interface Trial<A, Act> {
  readonly action: A;
  readonly verdict: Verdict;
  readonly act: Act;
  readonly title: string;
  outcome: (() => void) | undefined;
}
interface RoomGroup {
  readonly place: Place;
  readonly standing: Standing;
  readonly trials: readonly Trial<RoomAction, FrameAct>[];
}
interface PersonGroup {
  readonly relation: Relation;
  readonly trials: readonly Trial<PersonAction, PersonFrameAct>[];
}

const ROOM_GROUPS: readonly RoomGroup[] = PLACES.filter(({ isTwin }) => isTwin !== true).flatMap((place) =>
  STANDINGS[place.kind].map((standing) => {
    const trials = ACTIONS.flatMap((action) => {
      const verdict = verdictOf(roomRight(action).cells, place.kind, standing);
      const acts = FRAME_ACTS[action]?.filter((act) => act.where?.({ place, standing }) !== false);
      return verdict === undefined ? [] : trialsOf(action, verdict, roomRight(action).title, acts);
    });
    return { place, standing, trials };
  }),
);
const PERSON_GROUPS: readonly PersonGroup[] = RELATIONS.map((relation) => {
  const trials = PERSON_ACTIONS.flatMap((action) => {
    const { cells, title } = personRight(action);
    const verdict = cells[relation];
    const acts = PERSON_FRAME_ACTS[action]?.filter((act) => act.where?.({ relation }) !== false);
    return verdict === undefined ? [] : trialsOf(action, verdict, title, acts);
  });
  return { relation, trials };
});

describe('rights over the socket', function () {
  this.timeout(30_000);
  let parley: TestCluster;
  let client: mongo.MongoClient;
  const tried = new Set<string>();

  // Much of it is waiting, so the rooms take their turns side by side; each test tells how one cell ended.
  before(async function () {
    this.timeout(300_000);
    parley = await startClusterOnSharedStore({ api: 1, gateways: 1, env: { LINK_PREVIEWS: 'off' } });
    client = new mongo.MongoClient(parley.cluster.mongodbUrl);
    await Promise.all([each(ROOM_GROUPS, CONCURRENCY, tryRoom), each(PERSON_GROUPS, CONCURRENCY, tryPerson)]);
  });
  after(async () => {
    await client?.close();
    await parley?.stop();
  });

  const createWorld = async (): Promise<World> => World.create(clusterWire(parley.place), client.db());

  async function tryRoom({ place, standing, trials }: RoomGroup): Promise<void> {
    const world = await createWorld();
    const open = (crowd = false) => SocketScene.open(world, place, standing, parley.place, crowd);
    const shared = await open();
    for (const trial of trials) {
      const scene = trial.act.crowd === true ? await open(true) : shared;
      trial.outcome = await outcomeOf(tryCell(scene, trial.action, trial.verdict, trial.act));
      if (scene !== shared) scene.close();
    }
    shared.close();
    for (const one of world.tried) tried.add(one);
  }

  async function tryPerson({ relation, trials }: PersonGroup): Promise<void> {
    const world = await createWorld();
    await each(trials, CONCURRENCY, async (trial) => {
      const scene = await PersonScene.create(world, relation, PASSWORD);
      const run = (s: PersonScene) => trial.act.run(s, parley.place);
      const cell = tryCell(scene, trial.action, trial.verdict, { run, worked: trial.act.worked });
      trial.outcome = await outcomeOf(cell);
    });
    for (const one of world.tried) tried.add(one);
  }

  for (const { place, standing, trials } of ROOM_GROUPS)
    describe(`${WHO[standing]} ${place.name}`, () => trials.forEach(tell));
  for (const { relation, trials } of PERSON_GROUPS)
    describe(`of a user, ${relation}`, () => trials.forEach(tell));

  it('are all tried with the frames that the table names', () => {
    const frames = [
      ...ACTIONS.map((action) => [action, roomRight(action)] as const),
      ...PERSON_ACTIONS.map((action) => [action, personRight(action)] as const),
    ].flatMap(([action, right]) => (right.frames ?? []).map((frame) => `${action}: ${frame}`));
    expect(frames.filter((frame) => !tried.has(frame))).to.deep.equal([]);
  });
});

function trialsOf<A, Act extends { readonly as?: string }>(
  action: A,
  verdict: Verdict,
  title: string,
  acts: readonly Act[] = [],
): Trial<A, Act>[] {
  return acts.map((act) => ({
    action,
    verdict,
    act,
    title: sentence(title, act.as, verdict),
    outcome: undefined,
  }));
}

/** What a test does to end as the trial did. */
function outcomeOf(trial: Promise<void>): Promise<() => void> {
  return trial.then(
    () => () => undefined,
    (error: unknown) => () => {
      throw error;
    },
  );
}

function tell<A, Act>(trial: Trial<A, Act>): void {
  it(trial.title, () => {
    if (trial.outcome === undefined) throw new Error('was not tried');
    trial.outcome();
  });
}
