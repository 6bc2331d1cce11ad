import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import type { Room } from '../../shared/wire/rest.ts';
import { BrowserPerson, launchBrowser, type Size } from '../support/browser.ts';
import type { TestCluster } from '../support/cluster.ts';
import { Person } from '../support/person.ts';
import { startClusterOnSharedStore } from '../support/shared-store.ts';
import { shared } from '../support/shared.ts';
import { startSite } from './site.ts';

export interface Stage {
  readonly parley: TestCluster;
  /** Address of a page outside about tea, of which the cluster makes a card. */
  readonly site: string;
  /** A browser of its own, closed after the test; what its page throws fails the test. */
  open(size?: Size): Promise<BrowserPerson>;
  /** A browser in which somebody new is signed in; gives their names as well. */
  join(name: string, size?: Size): Promise<Actor>;
  /** The same with no page opened yet: `enter` does. */
  enrol(name: string, size?: Size): Promise<Actor>;
  /** A further browser of theirs, signed in. */
  device(of: Actor, size?: Size): Promise<BrowserPerson>;
  /** A direct conversation of theirs, which the first has open. */
  meet(one: Actor, other: Actor): Promise<Room>;
  /** A group of its creator and others, which the creator has open. */
  group(creator: Actor, name: string, ...others: readonly Actor[]): Promise<Room>;
  /** Ann and Bob, who both have their conversation open, in which Ann said one thing. */
  pair(said?: string, sizes?: Pair<Size | undefined>): Promise<Pair<Actor>>;
}
export interface Actor extends BrowserPerson {
  readonly username: string;
  readonly fullName: string;
  /** The same person over REST, in the browser's own session: for what leads up to a test. */
  readonly rest: Person;
}
type Pair<T> = readonly [ann: T, bob: T];

export interface StageOptions {
  /** More for Chromium, which is then one of its own. */
  readonly args?: readonly string[];
  /** A cluster of its own, for tests that end its processes. */
  readonly own?: boolean;
}

const outside = shared(startSite, (site) => site.stop());
const everybodysCluster = shared(
  async () => startClusterOnSharedStore({ env: { LINK_PREVIEW_HOSTS: (await outside()).host } }),
  (cluster) => cluster.stop(),
);
const everybodysBrowser = shared(launchBrowser, (browser) => browser.close());

/**
 * Call inside `describe`: a cluster and a Chromium for its tests, the same for all suites that have no `env` for the nodes nor
 * options. What a test makes has a name of its own, and none finds an empty server. PARLEY_SCREENSHOTS=DIR keeps pictures of
 * failures.
 */
export function stage(
  env?: () => Readonly<Record<string, string>>,
  { args, own = env !== undefined }: StageOptions = {},
): Stage {
  let parley: TestCluster | undefined;
  let browser: Browser | undefined;
  let site = '';
  const people: BrowserPerson[] = [];

  before(async () => {
    site = `http://${(await outside()).host}`;
    parley = await (own ? startClusterOnSharedStore({ env: env?.() ?? {} }) : everybodysCluster());
    browser = await (args === undefined ? everybodysBrowser() : launchBrowser(args));
  });
  after(async () => {
    if (args !== undefined) await browser?.close();
    if (own) await parley?.stop();
  });
  beforeEach(() => parley?.whole());
  afterEach(async function () {
    const failed = this.currentTest?.state === 'failed' ? process.env['PARLEY_SCREENSHOTS'] : undefined;
    if (failed !== undefined)
      await Promise.all(people.map(({ page }, i) => page.screenshot({ path: `${failed}/${i}.png` })));
    const errors = people.flatMap((person) => person.errors);
    await Promise.all(people.splice(0).map((person) => person.close()));
    expect(errors, 'errors in the page').to.deep.equal([]);
  });

  const create = async (size?: Size): Promise<BrowserPerson> => {
    const person = await BrowserPerson.create(browser!, parley!.place.origin, size);
    people.push(person);
    return person;
  };
  const on: Stage = {
    get parley() {
      return parley!;
    },
    get site() {
      return site;
    },
    open: async (size) => {
      const person = await create(size);
      await person.page.goto('/');
      return person;
    },
    join: async (name, size) => {
      const person = await on.enrol(name, size);
      await person.enter();
      return person;
    },
    enrol: async (name, size) => {
      const person = await create(size);
      const { username, name: fullName } = named(name);
      const session = await person.register(username, fullName);
      return Object.assign(person, { username, fullName, rest: Person.of(parley!.place, session) });
    },
    device: async (of, size) => {
      const person = await create(size);
      await person.login(of.username);
      await person.enter();
      return person;
    },
    meet: async (one, other) => {
      const room = await one.rest.createRoom({ type: 'dm', user: other.username });
      await one.openRoom(other.fullName);
      return room;
    },
    group: async (creator, name, ...others) => {
      const members = others.map(({ username }) => username);
      const room = await creator.rest.createRoom({ type: 'group', name, members });
      await creator.openRoom(name);
      return room;
    },
    pair: async (said = 'hello', [hers, his] = [undefined, undefined]) => {
      const [ann, bob] = await Promise.all([on.enrol('Ann', hers), on.enrol('Bob', his)]);
      const room = await ann.rest.createRoom({ type: 'dm', user: bob.username });
      await ann.rest.say(room.id, said);
      const enter = async (person: Actor, other: Actor): Promise<void> => {
        await person.enter();
        await person.openRoom(other.fullName);
        await person.sees(said);
      };
      await Promise.all([enter(ann, bob), enter(bob, ann)]);
      return [ann, bob];
    },
  };
  return on;
}

/** A username and a display name that nobody else has. */
export function named(name: string): { readonly username: string; readonly name: string } {
  const tail = randomUUID().slice(0, 6);
  return { username: `${name.toLowerCase()}-${tail}`, name: `${name} ${tail}` };
}
