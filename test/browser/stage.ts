import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { BrowserPerson, launchBrowser, type Size } from '../support/browser.ts';
import { startTestCluster, type TestCluster } from '../support/cluster.ts';

export interface Stage {
  readonly parley: TestCluster;
  /** A browser of its own, closed after the test; what its page throws fails the test. */
  open(size?: Size): Promise<BrowserPerson>;
  /** A browser in which somebody new has signed up; gives their names as well. */
  join(name: string, size?: Size): Promise<Actor>;
}
export interface Actor extends BrowserPerson {
  readonly username: string;
  readonly fullName: string;
}

/**
 * Call inside `describe`: one cluster and one Chromium for its tests. `env`: more for its nodes; `args`: more for Chromium.
 * PARLEY_SCREENSHOTS=DIR keeps pictures of failures.
 */
export function stage(
  env: () => Readonly<Record<string, string>> = () => ({}),
  { args = [] }: { readonly args?: readonly string[] } = {},
): Stage {
  let parley: TestCluster | undefined;
  let browser: Browser | undefined;
  const people: BrowserPerson[] = [];

  before(async () => {
    parley = await startTestCluster({ env: env() });
    browser = await launchBrowser(args);
  });
  after(async () => {
    await browser?.close();
    await parley?.stop();
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

  const open = async (size?: Size): Promise<BrowserPerson> => {
    const person = await BrowserPerson.open(browser!, parley!.place.origin, size);
    people.push(person);
    return person;
  };
  return {
    get parley() {
      return parley!;
    },
    open,
    join: async (name, size) => {
      const person = await open(size);
      const { username, name: fullName } = named(name);
      await person.signUp(username, fullName);
      return Object.assign(person, { username, fullName });
    },
  };
}

/** A username and a display name that nobody else has. */
export function named(name: string): { readonly username: string; readonly name: string } {
  const tail = randomUUID().slice(0, 6);
  return { username: `${name.toLowerCase()}-${tail}`, name: `${name} ${tail}` };
}
