import { expect } from 'chai';
import type { Facts } from '../../../api/trace/facts.ts';
import type { Trail } from '../../../api/trace/logs.ts';
import { print } from '../../../api/trace/print.ts';
import { tell } from '../../../api/trace/story.ts';
import type { LogEntry } from '../../../api/store/log.ts';

const ROOM = '1'.repeat(24);
const ANN = 'a'.repeat(24);
const AT = '2026-03-01T08:00:03.250Z';
const SECOND = '2026-03-01T08:00:03.000Z';
const message: LogEntry = {
  ...{
    id: 'f'.repeat(24),
    room: ROOM,
    seq: 7,
    rev: 9,
    kind: 'text',
    sender: ANN,
    text: 'a secret',
    at: new Date(AT),
  },
  ...{ editedAt: new Date('2026-03-02T08:00:03.000Z') },
};
const edit: LogEntry = {
  ...{ id: 'e'.repeat(24), room: ROOM, seq: 9, rev: 9, kind: 'change', of: 7, prev: 7, by: ANN },
  ...{
    at: new Date('2026-03-02T08:00:03.000Z'),
    action: { type: 'edit', text: 'a secret' },
    was: 'a secret',
  },
};
const none = { count: 0, users: [] };
const facts = (more: Partial<Facts> = {}): Facts => ({
  entry: message,
  message,
  changes: [edit],
  room: { id: ROOM, type: 'group', name: 'Team' },
  people: new Map([[ANN, 'ann']]),
  holders: { read: none, have: none, lack: none, joinedLater: none },
  ...more,
});
const span = { node: 'api-1', from: '2026-03-01T07:00:00.000Z', to: '2026-03-02T09:00:00.000Z' };
const trail = (...events: readonly (readonly [string, string, boolean?])[]): Trail => ({
  events: events.map(([node, mark, certain = true]) => ({ second: SECOND, node, seq: 7, mark, certain })),
  spans: [span],
  unlisted: [],
});
const told = (f: Facts, t: Trail): string => print(tell(f, t));

describe('a message’s life in words', () => {
  it('says each step once, in order, and the day where it is another', () => {
    const text = told(
      facts(),
      trail(
        ['api-1', 'socket gateway-2'],
        ['api-1', 'stored'],
        ['api-1', 'missed'],
        ['api-1', 'late'],
        ['gateway-1', 'gap'],
      ),
    );
    expect(text.split('\n').filter((line) => line.startsWith('  08:'))).to.deep.equal([
      '  08:00:03  accepted by api-1, over the socket by gateway-2; stored',
      '  08:00:03  not published by api-1: Redis did not take it; remembered',
      '  08:00:03  published later by api-1',
      '  08:00:03  gateway-1 told 0 sockets that came back to read it from the API',
    ]);
    expect(text).to.include('  2026-03-02 08:00:03  number 9: edit by ann');
  });

  it('never shows a text', () => {
    expect(told(facts(), trail())).to.not.include('secret');
    expect(told(facts({ entry: edit }), trail())).to.not.include('secret');
    expect(JSON.stringify(tell(facts(), trail()))).to.not.include('secret');
  });

  it('says perhaps where a line was cut', () => {
    const text = told(facts(), trail(['api-1', 'stored', false], ['api-2', 'stored', false]));
    expect(text)
      .to.include('perhaps accepted by api-1')
      .and.include('perhaps accepted by api-2')
      .and.include('was cut');
  });

  it('says what no log tells, and which logs begin too late', () => {
    const late = { ...trail(), spans: [span, { ...span, node: 'api-2', from: '2026-03-01T08:00:04.000Z' }] };
    const text = told(facts(), { ...late, unlisted: [{ second: SECOND, node: 'gateway-1', unlisted: 9 }] });
    expect(text).to.include('No log names the node that stored it.');
    expect(text).to.include('No log says that a gateway forwarded it');
    expect(text).to.include('begin after it was stored: api-2.');
    expect(text).to.include('busy then on gateway-1.');
    expect(told(facts(), { events: [], spans: [], unlisted: [] })).to.include('No log of any node was read');
  });

  it('shows a bounded number of names, and the cursors of those who lack it', () => {
    const users = Array.from({ length: 50 }, (_, i) => ({
      id: `${i}`,
      username: `u${i}`,
      gotSeq: 3,
      readSeq: 5,
    }));
    const text = told(facts({ holders: { ...facts().holders, lack: { count: 70, users } } }), trail());
    expect(text).to.include('70: u0 (has up to 5), u1').and.include('and 50 more');
  });

  it('lets nothing in a room’s name reach the terminal as a command', () => {
    const text = told(facts({ room: { id: ROOM, type: 'group', name: 'a\u001b[2Jb\u009bc\nd' } }), trail());
    expect(text.split('\n')[0]).to.include('"a\\u001b[2Jb?c\\nd"');
  });

  it('tells a void, and a message of a room that is gone', () => {
    const { room: _, ...gone } = facts({ changes: [] });
    const { message: __, ...nothing } = gone;
    const text = told({ ...nothing, entry: { ...message, kind: 'void' } }, trail(['api-2', 'voided']));
    expect(text)
      .to.include('is a void, number 7 of a room that is gone')
      .and.include('decided to be a void by api-2');
  });
});
