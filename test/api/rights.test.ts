import { expect } from 'chai';
import { mongo } from 'mongoose';
import { RELATIONS, type Relation } from '../../api/rights/people.ts';
import { STANDINGS, verdictOf, type Standing, type Verdict } from '../../api/rights/standings.ts';
import {
  MANAGING,
  OF_PEOPLE,
  personRight,
  ROOM_RIGHTS,
  roomRight,
  type PersonAction,
  type RoomAction,
} from '../../api/rights/table.ts';
import { each } from '../../shared/node/each.ts';
import { PASSWORD, startApi, type ApiNode } from '../support/api-node.ts';
import { startServers } from '../support/servers.ts';
import type { Act } from '../support/rights/act.ts';
import { apiWire, resetTokens } from '../support/rights/api-wire.ts';
import { PEOPLE_ACTS, type PersonAct } from '../support/rights/people-acts.ts';
import { PersonScene } from '../support/rights/person-scene.ts';
import { ROOM_ACTS } from '../support/rights/room-acts.ts';
import { PLACES, Scene, type Place } from '../support/rights/scene.ts';
import { sentence, tryCell, WHO } from '../support/rights/try.ts';
import { until, World } from '../support/rights/world.ts';

/** Rooms filled at once. */
const CONCURRENCY = 4;
const key = ({ name }: Place, standing: Standing): string => `${standing} ${name}`;
const ACTIONS = Object.keys(ROOM_RIGHTS) as RoomAction[];
const actionsIn = ({ isTwin }: Place): readonly RoomAction[] =>
  isTwin === true ? (Object.keys(MANAGING) as RoomAction[]) : ACTIONS;
const PERSON_ACTIONS = Object.keys(OF_PEOPLE) as PersonAction[];

describe('rights over REST', () => {
  let client: mongo.MongoClient;
  let api: ApiNode;
  let world: World;
  const scenes = new Map<string, Scene>();
  const people = new Map<Relation, PersonScene>();

  before(async function () {
    this.timeout(240_000);
    const servers = await startServers();
    client = new mongo.MongoClient(servers.mongodbUrl);
    api = await startApi({ servers, env: { LINK_PREVIEWS: 'off' } });
    world = await World.create(apiWire(api), client.db());
    const wanted = PLACES.flatMap((place) =>
      STANDINGS[place.kind].map((standing) => [place, standing] as const),
    );
    await each(wanted, CONCURRENCY, async ([place, standing]) => {
      const scene = await new Scene(world, place, standing).open();
      scenes.set(key(place, standing), await scene.fill());
      if (place.isTwin !== true) await until(() => scene.isIndexed());
    });
  });
  after(async () => {
    await api?.stop();
    await client?.close();
  });

  const sceneOf = (place: Place, standing: Standing): Scene => scenes.get(key(place, standing))!;
  /** The scene there is, or one of its own for what would spoil it. */
  const stage = async (place: Place, standing: Standing, verdict: Verdict, act: Act): Promise<Scene> => {
    const isOwn = act.crowd === true || (act.once === true && verdict === 'yes' && place.kind !== 'dm');
    if (!isOwn) return sceneOf(place, standing);
    const scene = await new Scene(world, place, standing).open();
    if (act.crowd === true) await scene.crowd();
    return scene.shut();
  };

  const personStage = async (relation: Relation, verdict: Verdict, act: PersonAct): Promise<PersonScene> => {
    const isOwn = act.alone === true || (act.once === true && verdict === 'yes');
    const found = isOwn ? undefined : people.get(relation);
    const scene = found ?? (await PersonScene.create(world, relation, PASSWORD));
    if (!isOwn) people.set(relation, scene);
    return scene;
  };

  for (const place of PLACES)
    for (const standing of STANDINGS[place.kind])
      describe(`${WHO[standing]} ${place.name}`, () => {
        for (const action of actionsIn(place)) {
          const { title, cells } = roomRight(action);
          const verdict = verdictOf(cells, place.kind, standing);
          if (verdict === undefined) continue;
          for (const act of ROOM_ACTS[action] ?? []) {
            if (act.where?.({ place, standing }) === false) continue;
            it(sentence(title, act.as, verdict), async () => {
              await tryCell(await stage(place, standing, verdict, act), action, verdict, act);
            });
          }
        }
      });

  describe('who is not signed in', () => {
    const place = PLACES[0] as Place;
    for (const action of ACTIONS)
      for (const act of ROOM_ACTS[action] ?? []) {
        const verdict = verdictOf(roomRight(action).cells, place.kind, 'owner');
        if (verdict !== 'yes' || act.crowd === true) continue;
        if (act.where?.({ place, standing: 'owner' }) === false) continue;
        it(sentence(roomRight(action).title, act.as, 'unauthorized'), async () => {
          const scene = sceneOf(place, 'owner');
          scene.isSignedIn = false;
          await tryCell(scene, action, 'unauthorized', act).finally(() => (scene.isSignedIn = true));
        });
      }
  });

  for (const relation of RELATIONS)
    describe(`of a user, ${relation}`, () => {
      for (const action of PERSON_ACTIONS) {
        const { title, cells } = personRight(action);
        const verdict = cells[relation];
        if (verdict === undefined) continue;
        for (const act of PEOPLE_ACTS[action] ?? []) {
          if (act.where?.({ relation }) === false) continue;
          it(sentence(title, act.as, verdict), async () => {
            const scene = await personStage(relation, verdict, act);
            const secrets = { password: PASSWORD, resetToken: resetTokens(client.db()) };
            const run = (s: PersonScene) => act.run(s, secrets);
            await tryCell(scene, action, verdict, { run, worked: act.worked });
          });
        }
      }
    });

  // Behind all others.
  describe('in the table', () => {
    it('are all tried with the calls that it names', () => {
      const calls = [
        ...ACTIONS.map((action) => [action, roomRight(action)] as const),
        ...PERSON_ACTIONS.map((action) => [action, personRight(action)] as const),
      ].flatMap(([action, right]) => (right.calls ?? []).map((call) => `${action}: ${call}`));
      expect(calls.filter((call) => !world.tried.has(call))).to.deep.equal([]);
      expect([...world.tried].filter((call) => !calls.includes(call))).to.deep.equal([]);
    });

    it('are refused before anything changes, which would show', async () => {
      const scene = sceneOf(PLACES[0] as Place, 'member');
      const { owner, actor, made } = scene;
      const small: readonly (() => Promise<unknown>)[] = [
        () => scene.say(owner, 'one more'),
        () => scene.by(owner, 'PUT', `/messages/${made.first}/reactions/${encodeURIComponent('🙂')}`),
        () => scene.by(actor, 'PUT', '/draft', { text: 'another' }),
        () => scene.by(actor, 'PATCH', '', { me: { favourite: false } }),
        () => scene.by(owner, 'POST', '/invites', {}),
        () => world.by(actor, 'PUT', `/users/me/blocks/${world.cast.out.id}`),
      ];
      for (const change of small) {
        const before = await scene.digest();
        expect(await scene.digest()).to.equal(before);
        await change();
        expect(await scene.digest()).not.to.equal(before);
      }
    });
  });
});
