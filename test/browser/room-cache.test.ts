import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { build } from 'vite';
import type { CacheChanges, Cached, RoomCache } from '../../shared/sdk/room-cache.ts';
import { roomCacheContract } from '../contract/room-cache.ts';
import { launchBrowser } from '../support/browser.ts';

const ENTRY = join(import.meta.dirname, '../../client/src/lib/platform/room-cache.ts');
const ANN = 'ann';

/** The cache as the client has it, as a script that leaves it in `roomCaches`. */
async function bundled(): Promise<string> {
  const result = await build({
    ...{ configFile: false, publicDir: false, logLevel: 'warn' },
    build: {
      write: false,
      target: 'es2023',
      lib: { entry: ENTRY, formats: ['iife'], name: 'roomCaches' },
    },
  });
  const [output] = Array.isArray(result) ? result : [result];
  if (output === undefined || !('output' in output)) throw new Error('the cache was not bundled');
  return `${output.output[0].code}\nglobalThis.roomCaches = roomCaches;`;
}

describe('the room cache in IndexedDB', function () {
  this.timeout(60_000);
  let site: Server;
  let browser: Browser;
  let context: BrowserContext;
  let code: string;
  let count = 0;

  before(async () => {
    site = createServer((_req, res) =>
      res.writeHead(200, { 'content-type': 'text/html' }).end('<p>empty</p>'),
    );
    site.listen(0, '127.0.0.1');
    await once(site, 'listening');
    browser = await launchBrowser();
    context = await browser.newContext();
    code = await bundled();
    await context.addInitScript({ content: code });
  });
  after(async () => {
    await browser?.close();
    site?.closeAllConnections();
    site?.close();
  });

  /** A page of its own, as another tab of the same browser is. */
  const tab = async (): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`);
    return page;
  };
  /** Steers the cache of that name in a page. */
  const cacheIn = async (page: Page, name: string): Promise<RoomCache> => {
    const isThere = await page.evaluate(
      `roomCaches.indexedRoomCache('${name}').then((cache) => (globalThis.cache = cache) !== undefined)`,
    );
    expect(isThere, 'there is a cache').to.equal(true);
    const run = <T>(method: string, ...args: unknown[]): Promise<T> =>
      page.evaluate(`cache.${method}(...${JSON.stringify(args)})`);
    return {
      open: (user) => run<Cached>('open', user),
      write: (user, changes) => run('write', user, changes),
      clear: () => run('clear'),
    };
  };
  const fresh = (): string => `cache-${++count}`;
  const withRoom = (id: string, known: number): CacheChanges => {
    const room = { id, type: 'group', v: known, head: known, me: { readSeq: 0 } };
    const messages = Array.from({ length: known }, (_, at) => ({
      ...{ room: id, seq: at + 1, id: `${id}-${at + 1}`, kind: 'text', text: 'so', rev: at + 1 },
      ...{ at: '2026-01-01T00:00:00.000Z', sender: { id: 'bob', username: 'bob', displayName: 'Bob' } },
    }));
    return {
      ...{ order: [id], threads: [], own: {}, restarted: [] },
      summaries: [{ room, members: [] }],
      logs: [{ room: id, log: { from: 1, known, messages } }],
    } as unknown as CacheChanges;
  };
  const rooms = async (cache: RoomCache): Promise<readonly string[]> =>
    (await cache.open(ANN)).rooms.map(({ room }) => room.id);

  afterEach(() => Promise.all(context.pages().map((page) => page.close())));

  roomCacheContract(async () => cacheIn(await tab(), fresh()));

  it('is the same in two tabs: of each room what has come furthest stays', async () => {
    const name = fresh();
    const [one, two] = [await cacheIn(await tab(), name), await cacheIn(await tab(), name)];
    await one.open(ANN);
    await two.open(ANN);
    await one.write(ANN, withRoom('a', 5));
    await two.write(ANN, withRoom('a', 3));
    for (const cache of [one, two]) expect((await cache.open(ANN)).rooms[0]?.log?.known).to.equal(5);
  });

  it('takes nothing more of a user after the other tab is another one’s', async () => {
    const name = fresh();
    const [one, two] = [await cacheIn(await tab(), name), await cacheIn(await tab(), name)];
    await one.open(ANN);
    await two.open('bob');
    await one.write(ANN, withRoom('a', 5));
    expect((await two.open('bob')).rooms).to.deep.equal([]);
  });

  it('survives the page', async () => {
    const name = fresh();
    const page = await tab();
    const cache = await cacheIn(page, name);
    await cache.open(ANN);
    await cache.write(ANN, withRoom('a', 2));
    await page.close();
    expect(await rooms(await cacheIn(await tab(), name))).to.deep.equal(['a']);
  });

  for (const [what, version, stores] of [
    ['a later version left', 99, ['meta', 'summaries', 'logs', 'more']],
    ['has not the shape it says', 2, ['something']],
  ] as const)
    it(`begins anew in place of one that ${what}`, async () => {
      const name = fresh();
      const page = await tab();
      await page.evaluate(`new Promise((resolve) => {
        const opening = indexedDB.open('${name}', ${version});
        opening.onupgradeneeded = () => {
          for (const store of ${JSON.stringify(stores)}) opening.result.createObjectStore(store);
        };
        opening.onsuccess = () => resolve(opening.result.close());
      })`);
      const cache = await cacheIn(page, name);
      expect(await rooms(cache)).to.deep.equal([]);
      await cache.write(ANN, withRoom('a', 2));
      expect(await rooms(cache)).to.deep.equal(['a']);
    });

  it('leaves out what makes no sense in it', async () => {
    const name = fresh();
    const page = await tab();
    const cache = await cacheIn(page, name);
    await cache.open(ANN);
    await cache.write(ANN, { ...withRoom('a', 2), order: ['a', 'b'] });
    await page.evaluate(`new Promise((resolve) => {
      const opening = indexedDB.open('${name}');
      opening.onsuccess = () => {
        const writing = opening.result.transaction(['summaries', 'logs'], 'readwrite');
        writing.objectStore('summaries').put('nonsense', 'b');
        writing.objectStore('logs').put({ from: 'x' }, 'a');
        writing.oncomplete = () => resolve(opening.result.close());
      };
    })`);
    const [room, ...others] = (await cache.open(ANN)).rooms;
    expect(room?.room.id).to.equal('a');
    expect(room?.log).to.equal(undefined);
    expect(others).to.deep.equal([]);
  });

  for (const [what, script] of [
    ['forbids it', `IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); };`],
    [
      'never answers',
      `IDBFactory.prototype.open = () => Object.create(IDBOpenDBRequest.prototype, { addEventListener: { value: () => {} } });`,
    ],
  ] as const)
    it(`is none where the browser ${what}`, async () => {
      const page = await tab();
      await page.evaluate(script);
      expect(await page.evaluate(`roomCaches.indexedRoomCache('none')`)).to.equal(undefined);
    });
});
