import { expect } from 'chai';
import type { ClientOptions, ParleyClient, RoomCache, Storage } from '../../../shared/sdk/index.ts';
import type { UserSummary } from '../../../shared/wire/rest.ts';
import type { FakeRoom } from '../../support/fake-rooms.ts';
import { browser, MemoryParting } from './one-browser.ts';
import { Visits } from './visits.ts';
import { eventually, isOnline, PATIENT, shows, states, texts, until, usePlans, type World } from './world.ts';

/** A storage for several visits, whose outbox can be read, or written, only once `open` is called, and not after `fail`. */
function slow(inner: Storage, holds: 'reads' | 'writes'): Storage & { open(): void; fail(): void } {
  let open = (): void => undefined;
  let fail = (): void => undefined;
  const opened = new Promise<void>((resolve, reject) => {
    open = resolve;
    fail = () => {
      reject(new Error('the page is gone'));
    };
  });
  const wait = async (key: string, what: 'reads' | 'writes'): Promise<void> => {
    if (what === holds && key.startsWith('outbox:')) await opened;
  };
  return {
    open: () => {
      open();
    },
    fail: () => {
      fail();
    },
    get: async (key) => wait(key, 'reads').then(() => inner.get(key)),
    set: async (key, value) => wait(key, 'writes').then(() => inner.set(key, value)),
    delete: (key) => inner.delete(key),
  };
}

describe('A message written right after a reload without a server', () => {
  let world: World;
  let bob: UserSummary;
  let room: FakeRoom;
  let visits: Visits;
  let storage: Storage;

  usePlans((scene) => ({ world, bob, room } = scene));
  beforeEach(async () => {
    visits = new Visits(world);
    ({ storage } = visits);
    (await world.online('ada', { storage })).close();
    visits.isAway = true;
  });

  const reloaded = async (options: Partial<ClientOptions> = {}): Promise<ParleyClient> => {
    const asked = world.server.count('POST /auth/refresh');
    const client = world.client({ storage, ...options });
    void client.restore();
    await until(client.auth, (state) => state.name !== 'signed-out' && state.me !== undefined);
    // Refused by then: a question that comes in late would spend the token of the visits behind it.
    await eventually(() => world.server.count('POST /auth/refresh') > asked);
    return client;
  };
  const sent = (): readonly string[] => room.all().map(({ text }) => text);
  const isSent = (...expected: readonly string[]): Promise<void> =>
    eventually(() => JSON.stringify(sent()) === JSON.stringify(expected));
  const isStored = async (text: string): Promise<boolean> => {
    const me = JSON.parse((await storage.get('me')) ?? '{}') as { id: string };
    return ((await storage.get(`outbox:${me.id}`)) ?? '').includes(text);
  };

  it('is shown before the outbox can be read, and behind what waits there once it can', async () => {
    const before = await reloaded();
    before.room(room.id).send('from before');
    await eventually(() => isStored('from before'));
    before.close();
    const late = slow(storage, 'reads');
    const client = await reloaded({ storage: late });
    const handle = client.room(room.id);
    handle.send('right away');
    expect([texts(handle), states(handle)]).to.deep.equal([['right away'], ['queued']]);
    late.open();
    await shows(handle, ['from before', 'right away']);
    await visits.comeBack(client);
    await isSent('from before', 'right away');
  });

  it('stays when the room is drawn from what was kept only afterwards', async () => {
    visits.isAway = false;
    room.post(bob, 'kept', 'kept');
    const { cache: kept } = visits;
    const first = await visits.begin();
    const { id } = (first.auth.get() as { readonly me: UserSummary }).me;
    await eventually(async () => (await kept.open(id)).rooms.some(({ log }) => log?.messages.length === 1));
    first.close();
    visits.isAway = true;
    let open = (): void => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    const cache: RoomCache = { ...kept, open: (user) => opened.then(() => kept.open(user)) };
    const client = await reloaded({ cache });
    const handle = client.room(room.id);
    void handle.open().catch(() => undefined);
    handle.send('right away');
    open();
    await shows(handle, ['kept', 'right away']);
    expect(states(handle)).to.deep.equal([undefined, 'queued']);
  });

  it('is there after the next reload, though the page went before it could be stored', async () => {
    const parting = new MemoryParting();
    const never = slow(storage, 'writes');
    const first = await reloaded({ storage: never, parting: parting.tab() });
    first.room(room.id).send('one');
    first.room(room.id).send('two');
    first.rest(true);
    first.close();
    const second = await reloaded({ parting: parting.tab() });
    await shows(second.room(room.id), ['one', 'two']);
    expect(states(second.room(room.id))).to.deep.equal(['queued', 'queued']);
    expect([...parting.left]).to.deep.equal([]);
    await eventually(() => isStored('two'));
    second.close();
    const third = await reloaded({ parting: parting.tab() });
    await visits.comeBack(third);
    await isSent('one', 'two');
  });

  it('is sent once, though it was stored all the same, and even sent by another tab', async () => {
    const parting = new MemoryParting();
    const late = slow(storage, 'writes');
    const first = await reloaded({ storage: late, parting: parting.tab() });
    first.room(room.id).send('once');
    first.rest(true);
    late.open();
    await visits.comeBack(first);
    await isSent('once');
    first.close();
    const second = await reloaded({ parting: parting.tab() });
    await isOnline(second);
    await second.room(room.id).open();
    await until(second.room(room.id).timeline, () => states(second.room(room.id)).join() === 'sent');
    expect(sent()).to.deep.equal(['once']);
  });

  it('is nobody else’s, and what makes no sense is left out', async () => {
    const parting = new MemoryParting();
    const never = slow(storage, 'writes');
    const first = await reloaded({ storage: never, parting: parting.tab() });
    first.room(room.id).send('from ada');
    first.rest(true);
    first.close();
    visits.isAway = false;
    const other = await world.online('bob', { parting: parting.tab() });
    expect(other.room(room.id).timeline.get().items).to.deep.equal([]);
    parting.left.set([...parting.left.keys()][0]!, '[{"clientId":1},null,7]');
    visits.isAway = true;
    const second = await reloaded({ parting: parting.tab() });
    expect(second.room(room.id).timeline.get().items).to.deep.equal([]);
  });

  it('leaves nothing where all is stored', async () => {
    const parting = new MemoryParting();
    const client = await reloaded({ parting: parting.tab() });
    client.room(room.id).send('stored');
    await eventually(() => isStored('stored'));
    await new Promise((resolve) => setTimeout(resolve, 2));
    client.rest(true);
    expect([...parting.left]).to.deep.equal([]);
  });

  describe('whose page is closed while other tabs are open', () => {
    let parting: MemoryParting;
    let newTab: ReturnType<typeof browser>;
    let never: ReturnType<typeof slow>;
    const open = (options: Partial<ClientOptions> = {}): Promise<ParleyClient> =>
      world.online('ada', {
        ...{ storage, parting: parting.tab(), tabs: newTab(), timing: PATIENT },
        ...options,
      });
    const leave = (tab: ParleyClient): void => {
      tab.room(room.id).send('left behind');
      tab.rest(true);
      tab.close();
      // With it goes what it waited for, and the lock that it held meanwhile.
      never.fail();
    };
    const sends = (): number => world.server.frames.filter(({ type }) => type === 'send').length;

    beforeEach(() => {
      visits.isAway = false;
      [parting, newTab, never] = [new MemoryParting(), browser(), slow(storage, 'writes')];
    });

    it('is sent at once, once, by the one of them that leads', async () => {
      const tabs = [await open(), await open(), await open({ storage: never })];
      for (const tab of tabs.slice(0, 2)) await tab.room(room.id).open();
      leave(tabs[2]!);
      await isSent('left behind');
      for (const tab of tabs.slice(0, 2)) await shows(tab.room(room.id), ['left behind']);
      expect([sends(), parting.left.size]).to.deep.equal([1, 0]);
    });

    it('is sent by the next to lead where the closed one led', async () => {
      const leader = await open({ storage: never });
      await open();
      leave(leader);
      await isSent('left behind');
      expect([sends(), parting.left.size]).to.deep.equal([1, 0]);
    });

    it('is listened for until the tab ends', async () => {
      const tab = await open();
      expect(parting.listeners).to.equal(1);
      tab.close();
      expect(parting.listeners).to.equal(0);
    });
  });
});
