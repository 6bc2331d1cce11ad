import { expect } from 'chai';
import { TrailReader } from '../../../api/trace/logs.ts';

const ROOM = 'a'.repeat(24);
const SECOND = '2026-03-01T08:00:03.000Z';
const line = (name: string, fields: object, time = '2026-03-01T08:00:04.000Z'): string =>
  JSON.stringify({ level: 30, time, name, ...fields, msg: 'numbers' });

const read = (seqs: readonly number[], ...lines: readonly string[]) => {
  const reader = new TrailReader(ROOM, seqs);
  for (const one of lines) reader.take(one);
  return reader.trail;
};

describe('reading a message’s trail from logs', () => {
  it('finds what each node did with a number, in the order of what can follow what', () => {
    const { events } = read(
      [13],
      line('gateway-1', {
        second: SECOND,
        rooms: { [ROOM]: { did: { live: '12-14' }, sockets: { live: 3 } } },
      }),
      line('api-1', {
        second: SECOND,
        rooms: { [ROOM]: { did: { published: '13', stored: '13', rest: '13' } } },
      }),
      line('gateway-2', {
        second: '2026-03-01T08:00:05.000Z',
        rooms: { [ROOM]: { did: { repaired: '13' } } },
      }),
      line('api-2', { second: SECOND, rooms: { [ROOM]: { did: { stored: '14' } } } }),
    );
    expect(events.map(({ node, mark, sockets }) => [node, mark, sockets])).to.deep.equal([
      ['api-1', 'rest', undefined],
      ['api-1', 'stored', undefined],
      ['api-1', 'published', undefined],
      ['gateway-1', 'live', 3],
      ['gateway-2', 'repaired', undefined],
    ]);
  });

  it('is not certain where a line was cut', () => {
    const { events } = read(
      [50],
      line('api-1', { second: SECOND, rooms: { [ROOM]: { did: { stored: '1-3,~10-90' } } } }),
    );
    expect(events[0]).to.include({ mark: 'stored', certain: false });
  });

  it('passes over other rooms, other lines, cut lines and nonsense', () => {
    const good = line('api-1', { second: SECOND, rooms: { [ROOM]: { did: { stored: '1' } } } });
    const { events } = read(
      [1],
      line('api-1', { second: SECOND, rooms: { ['b'.repeat(24)]: { did: { stored: '1' } } } }),
      good.slice(0, -20),
      good.replace('numbers', 'listening'),
      good.replace('"1"', '1'),
      good.replace(`"${SECOND}"`, 'null'),
      line('api-1', { second: SECOND, rooms: { [ROOM]: { did: null } } }),
      '{"level":30}',
      'GET / 200',
      '',
    );
    expect(events).to.deep.equal([]);
  });

  it('reads lines behind a container’s name', () => {
    const { events } = read(
      [1],
      `api-1  | ${line('n', { second: SECOND, rooms: { [ROOM]: { did: { stored: '1' } } } })}`,
    );
    expect(events).to.have.length(1);
  });

  it('knows from when to when there are lines of each node', () => {
    const { spans } = read(
      [1],
      line('api-1', {}, '2026-03-01T09:00:00.000Z'),
      line('api-1', {}, '2026-03-01T07:00:00.000Z'),
      line('gateway-1', {}, '2026-03-01T08:00:00.000Z'),
    );
    expect(spans).to.deep.equal([
      { node: 'api-1', from: '2026-03-01T07:00:00.000Z', to: '2026-03-01T09:00:00.000Z' },
      { node: 'gateway-1', from: '2026-03-01T08:00:00.000Z', to: '2026-03-01T08:00:00.000Z' },
    ]);
  });

  it('knows of seconds in which a node did not list all', () => {
    const { unlisted } = read([1], line('api-1', { second: SECOND, unlisted: 7 }));
    expect(unlisted).to.deep.equal([{ second: SECOND, node: 'api-1', unlisted: 7 }]);
  });
});
