import { expect } from 'chai';
import { isLoud, neighbour, searchRooms, sections } from '../../../client/src/lib/chat/room-list.ts';
import { pageTitle } from '../../../client/src/lib/chat/title.ts';
import { formatRoute, parseRoute } from '../../../client/src/lib/routes.ts';
import type { Room, RoomMe } from '../../../shared/wire/rest.ts';

const ME: RoomMe = { role: 'member', readSeq: 0, unread: 0, mentions: 0, notify: 'all', favourite: false };
const room = (id: string, me: Partial<RoomMe> = {}, type: Room['type'] = 'group'): Room => ({
  id,
  type,
  name: id,
  public: false,
  v: 1,
  head: 0,
  members: 2,
  me: { ...ME, ...me },
});
const ids = (rooms: readonly Room[]): string[] => rooms.map(({ id }) => id);

describe('the room list', () => {
  const rooms = [
    room('a'),
    room('b', { unread: 2 }),
    room('c', { favourite: true }),
    room('d', {}, 'channel'),
  ];

  it('keeps favourites apart and the order in both', () => {
    const { favourites, others } = sections(rooms, 'all');
    expect([ids(favourites), ids(others)]).to.deep.equal([['c'], ['a', 'b', 'd']]);
  });
  it('shows the open room whatever the filter says', () => {
    expect(ids(sections(rooms, 'unread', 'd').others)).to.deep.equal(['b', 'd']);
  });
  it('steps through the rooms as shown and wraps around', () => {
    expect(neighbour(rooms, 'c', 1, false)).to.equal('a');
    expect(neighbour(rooms, 'c', -1, false)).to.equal('d');
    expect(neighbour(rooms, undefined, 1, false)).to.equal('c');
  });
  it('steps to unread rooms alone when asked', () => {
    expect(neighbour(rooms, 'd', 1, true)).to.equal('b');
    expect(neighbour([room('a')], 'a', 1, true)).to.equal(undefined);
  });
  it('finds rooms by any word, beginnings first', () => {
    const named = [room('big harbour'), room('harbour'), room('lunch')];
    expect(ids(searchRooms(named, 'harb', 'me'))).to.deep.equal(['harbour', 'big harbour']);
  });
  it('is called to attention in a muted room only by name', () => {
    expect(isLoud(room('a', { unread: 5, notify: 'none' }))).to.equal(false);
    expect(isLoud(room('a', { unread: 5, mentions: 1, notify: 'none' }))).to.equal(true);
    expect(isLoud(room('a', { unread: 5, notify: 'mentions' }))).to.equal(false);
    expect(isLoud(room('a', { unread: 5 }))).to.equal(true);
  });
  it('puts the waiting conversations into the title', () => {
    expect(pageTitle(rooms, '#ops')).to.equal('(1) #ops · Parley');
    expect(pageTitle([], undefined)).to.equal('Parley');
  });
});

describe('routes', () => {
  it('come back from their path as they were', () => {
    const room = '/r/66f0c0ffee';
    const inside = ['', '/details', '/t/7', '/m/12', '/t/7/m/12'].map((tail) => room + tail);
    for (const path of ['/', '/sign-in', '/sign-up', ...inside])
      expect(formatRoute(parseRoute(path))).to.equal(path);
  });
  it('lead nowhere for anything else', () => {
    for (const path of ['/r/', '/r/a/b', '/x', '/r/<script>', '/r/a/details/m/1', '/r/a/m/x', '/r/a/m/1/t/2'])
      expect(parseRoute(path).name).to.equal('not-found');
  });
  it('know an invite by its address, though its token may be garbled', () => {
    const token = 'abcdefghijklmnop';
    expect(parseRoute(`/invite/${token}`)).to.deep.equal({ name: 'invite', token });
    for (const path of ['/invite/garbage', '/invite', '/invite/', `/invite/${token}/x`, '/invite/<b>'])
      expect(parseRoute(path)).to.deep.equal({ name: 'invite', token: '' });
    expect(parseRoute('/invitegarbage').name).to.equal('not-found');
  });
  it('ignore a trailing slash', () => {
    expect(parseRoute('/r/abc/')).to.deep.equal({ name: 'room', id: 'abc', details: false });
  });
});
