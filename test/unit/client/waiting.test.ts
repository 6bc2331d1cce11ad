import { expect } from 'chai';
import { lastWord, WaitingOrder } from '../../../client/src/lib/chat/waiting.ts';
import { WaitingRooms } from '../../../client/src/lib/state/waiting-rooms.ts';
import { Value } from '../../../shared/sdk/observable.ts';
import { EMPTY_TIMELINE } from '../../../shared/sdk/timeline.ts';
import type {
  Client,
  ConnectionState,
  SendState,
  Timeline,
  TimelineItem,
} from '../../../shared/sdk/types.ts';
import type { Message, Room } from '../../../shared/wire/rest.ts';

const at = (minute: number): string => new Date(Date.UTC(2026, 2, 1, 8, minute)).toISOString();
const sender = { id: 'me', username: 'me', displayName: 'Me' };
const said = (room: string, seq: number, minute: number): Message => ({
  ...{ room, seq, id: `${room}${String(seq)}`, kind: 'text', sender, text: 'said', at: at(minute), rev: seq },
});
const room = (id: string, minute: number): Room => ({
  ...{ id, type: 'group', name: id, public: false, v: 1, head: 1, members: 2 },
  lastMessage: said(id, 1, minute),
  me: { role: 'member', readSeq: 1, unread: 0, mentions: 0, notify: 'all', favourite: false },
});
const QUEUED: SendState = { name: 'queued' };
const FAILED: SendState = { name: 'failed', code: 'forbidden', reason: 'no' };
const waits = (id: string, minute: number, state: SendState = QUEUED): TimelineItem => ({
  key: `${id}-waits`,
  message: { ...{ room: id, clientId: `${id}-waits`, kind: 'text', sender }, text: 'waits', at: at(minute) },
  pending: true,
  state,
});
const ids = (rooms: readonly Room[]): string => rooms.map(({ id }) => id).join('');

describe('a message that waits', () => {
  const rooms = [room('a', 40), room('b', 30), room('c', 20), room('d', 10)];

  it('is the last word of its room; one that was refused only until somebody says more', () => {
    const [a] = rooms as [Room];
    for (const item of [waits('a', 50), waits('a', 5), waits('a', 50, FAILED)])
      expect(lastWord(a, item)).to.equal(item);
    expect(lastWord(a, waits('a', 30, FAILED))).to.equal(undefined);
  });

  it('is so after it was taken, until the room tells of it', () => {
    const taken: TimelineItem = { key: 'a-waits', message: said('a', 2, 50), pending: false };
    expect(lastWord(rooms[0]!, taken)).to.equal(taken);
    expect(lastWord({ ...rooms[0]!, lastMessage: said('a', 2, 50) }, taken)).to.equal(undefined);
  });

  it('puts its room where it will be once it is sent', () => {
    const order = new WaitingOrder();
    expect(order.of(rooms, new Map())).to.equal(rooms);
    const waiting = new Map([
      ['d', waits('d', 50)],
      ['c', waits('c', 35)],
      ['b', waits('b', 5, FAILED)],
    ]);
    expect(ids(order.of(rooms, waiting))).to.equal('dacb');
    expect(order.of(rooms, waiting)).to.equal(order.of(rooms, waiting));
  });
});

describe('the rooms in which something waits', () => {
  function client(state: ConnectionState['name'] = 'online') {
    const timelines = new Map(['a', 'b'].map((id) => [id, new Value<Timeline>(EMPTY_TIMELINE)]));
    const connection = new Value({ name: state } as ConnectionState);
    const source = {
      rooms: new Value([room('a', 10), room('b', 5)] as readonly Room[]),
      connection,
      room: (id: string) => ({ timeline: timelines.get(id) }) as unknown as ReturnType<Client['room']>,
    };
    const show = (id: string, ...items: TimelineItem[]): void => {
      timelines.get(id)?.set({ ...EMPTY_TIMELINE, items });
    };
    const found = new WaitingRooms(source);
    return { found, connection, show, known: () => [...found.last.get().keys()].join('') };
  }

  it('are heard of while they are open, and until all is sent', () => {
    const { found, show, known } = client();
    const stop = found.watch('a');
    expect(known()).to.equal('');
    show('a', waits('a', 50));
    expect(known()).to.equal('a');
    stop();
    expect(known()).to.equal('a');
    show('a', { key: 'a-waits', message: said('a', 2, 50), pending: false });
    expect(known()).to.equal('');
    show('a', waits('a', 51));
    expect(known(), 'nobody listens any more').to.equal('');
  });

  it('are found after a reload while the server is away, and when something is put into them from elsewhere', () => {
    const { found, connection, show, known } = client('connecting');
    const stop = found.start();
    show('b', waits('b', 50));
    expect(known()).to.equal('');
    connection.set({ name: 'offline' });
    expect(known()).to.equal('b');
    show('a', waits('a', 50));
    found.look('a');
    expect(known()).to.equal('ba');
    found.clear();
    expect(known()).to.equal('');
    stop();
  });
});
