import { expect } from 'chai';
import type { Room, SearchResults } from '../../shared/wire/rest.ts';
import { call, type Person } from '../support/person.ts';
import { useCluster } from '../support/use-cluster.ts';

/** ms until the index has come up: a lease ends, a hint is raised, a batch is written. */
const PATIENCE = 60_000;

describe('search, when processes die', () => {
  const on = useCluster('rough');
  let ann: Person;
  let room: string;
  before(async () => {
    [ann] = await on.people('ann');
    room = (await ann.createRoom({ type: 'group', name: 'Search' })).id;
  });

  const finds = async (q: string): Promise<void> => {
    const deadline = Date.now() + PATIENCE;
    for (;;) {
      const { status, body } = await ann.try<SearchResults>('GET', `/search?q=${q}`);
      if (status === 200 && body.results.length === 1) return;
      if (Date.now() > deadline) expect.fail(`${q} is not found: ${status} ${JSON.stringify(body)}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  };

  it('finds what an API node stored just before it died, once somebody has looked at the room', async function () {
    this.timeout(PATIENCE + 30_000);
    const place = { origin: on.parley.api(0) };
    const body = { clientId: 'last', text: 'capybara' };
    await call(place, 'POST', `/rooms/${room}/messages`, { token: ann.token, body });
    await on.parley.cluster.kill('api-1', 'SIGKILL');
    await ann.call<{ rooms: readonly Room[] }>('GET', '/rooms');
    await finds('capybara');
  });

  it('goes on without Redis', async function () {
    this.timeout(PATIENCE + 30_000);
    await on.parley.cluster.process('redis').kill('SIGSTOP');
    try {
      await ann.say(room, 'wombat');
      await finds('wombat');
    } finally {
      await on.parley.cluster.process('redis').kill('SIGCONT');
    }
  });
});
