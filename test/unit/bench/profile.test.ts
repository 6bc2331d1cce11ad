import { expect } from 'chai';
import { analyse, parseProfile, type CpuProfile } from '../../../bench/profile/analyse.ts';
import { categoryOf } from '../../../bench/profile/categories.ts';
import { markdownTable, summarise } from '../../../bench/profile/table.ts';

const MODULES = 'file:///srv/parley/node_modules';
const PLACES = [
  { functionName: '(root)', url: '' },
  { functionName: '(idle)', url: '' },
  { functionName: 'writeBuffer', url: '' },
  { functionName: 'deliver', url: 'file:///srv/parley/dist/gateway/fan-out.js' },
  { functionName: 'sendFrame', url: `${MODULES}/ws/lib/sender.js` },
];
const nodes = PLACES.map((callFrame, i) => ({ id: i + 1, callFrame }));
/** Each sample lasts until the next: 100 µs write, 50 deliver, 700 idle, 40 ws, 10 write. */
const profile: CpuProfile = {
  nodes,
  startTime: 1_000,
  endTime: 2_000,
  samples: [3, 4, 2, 5, 3, 1],
  timeDeltas: [100, 100, 50, 700, 40, 10],
};

describe('a CPU profile', () => {
  it('is summed up as self time by category, without what was idle', () => {
    const { total, idle, busy, categories } = analyse(profile);
    expect({ total, idle, busy }).to.deep.equal({ total: 900, idle: 700, busy: 200 });
    expect(categories.map(({ name, self }) => [name, self])).to.deep.equal([
      ['socket writes (kernel)', 110],
      ['gateway/fan-out.ts', 50],
      ['ws', 40],
    ]);
  });

  it('is summed up by function too', () => {
    const [first] = analyse(profile).functions;
    expect(first).to.deep.equal({ name: 'writeBuffer (socket writes (kernel))', self: 110, share: 0.55 });
  });

  it('can be cut to a part of the time', () => {
    const { busy, categories } = analyse(profile, { from: 1_900, to: 1_960 });
    expect(busy).to.equal(40);
    expect(categories.map(({ name }) => name)).to.deep.equal(['ws']);
  });

  it('has no shares where nothing was done', () => {
    expect(analyse({ ...profile, samples: [2, 2], timeDeltas: [0, 10] }).categories).to.deep.equal([]);
  });

  for (const text of ['', 'no JSON', '[]', '{"nodes":[]}', 'null'])
    it(`is not ${text === '' ? 'nothing' : text}`, () => {
      expect(() => parseProfile(text)).to.throw('not a CPU profile');
    });

  it('becomes a table whose small parts are one row', () => {
    const share = (name: string, self: number) => ({ name, self, share: self / 1_000 });
    const analysis = {
      ...{ total: 1_000, idle: 0, busy: 1_000, functions: [] },
      categories: [share('ws', 900), share('api/a.ts', 85), share('joi', 9), share('api/b.ts', 6)],
    };
    expect(summarise(analysis).map(({ name, self }) => [name, self])).to.deep.equal([
      ['ws', 900],
      ['api/a.ts', 85],
      ['our other files', 6],
      ['everything else', 9],
    ]);
    expect(markdownTable(analysis)).to.contain('| ws | 90.0 % |');
  });
});

describe('the category of a function', () => {
  for (const [url, category] of [
    [`${MODULES}/ioredis/built/Redis.js`, 'ioredis'],
    [`${MODULES}/@socket.io/redis-adapter/dist/index.js`, 'Socket.IO'],
    [`${MODULES}/bson/lib/bson.cjs`, 'MongoDB driver and BSON'],
    [`${MODULES}/some-thing/index.js`, 'package some-thing'],
    ['node:_http_server', 'Node: HTTP'],
    ['node:internal/streams/writable', 'Node: sockets and streams'],
    ['node:fs', 'Node: other'],
    ['file:///srv/gateway/dist/api/services/log/append.js', 'api/services/log/append.ts'],
    ['file:///srv/parley/gateway/hub.ts', 'gateway/hub.ts'],
  ] as const)
    it(`is ${category} for ${url}`, () => {
      expect(categoryOf({ functionName: 'f', url })).to.equal(category);
    });

  it('tells JSON and system calls from other native functions', () => {
    const native = (functionName: string): string => categoryOf({ functionName, url: '' });
    expect(['stringify', 'writev', 'runMicrotasks'].map(native)).to.deep.equal([
      'JSON',
      'socket writes (kernel)',
      'native functions',
    ]);
  });
});
