import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { History } from '../../chaos/history.ts';
import { Journal, readJournal, type JournalLine } from '../../chaos/journal.ts';
import { story } from '../../chaos/story.ts';

describe('the chaos history', () => {
  let folder: string;
  let journal: Journal;
  let history: History;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-history-'));
    journal = new Journal(join(folder, 'journal'));
    history = new History(journal);
  });
  afterEach(async () => {
    await journal.end();
    await rm(folder, { recursive: true });
  });

  it('notes what reaches a user between a removal and the wish to add them again', () => {
    history.heard('bob', 'd', 'message', 'r');
    history.removed('bob', 'r', true);
    history.heard('bob', 'd', 'message', 'r');
    history.heard('bob', 'd', 'message', 'other');
    history.heard('ann', 'e', 'message', 'r');
    history.returns('bob', 'r');
    history.heard('bob', 'd', 'message', 'r');
    expect(history.overheard.map(({ user, room, what }) => [user, room, what])).to.deep.equal([
      ['bob', 'r', 'message'],
    ]);
  });
  it('does not blame an answer that was asked for before the removal', () => {
    const askedAt = history.now - 1;
    history.removed('bob', 'r', true);
    history.heard('bob', 'd', 'GET log', 'r', askedAt);
    expect(history.overheard).to.deep.equal([]);
  });
  it('keeps a trouble open until it is over', () => {
    const over = history.trouble('redis', true, 'redis');
    expect(history.troubles[0]?.to).to.equal(Infinity);
    over();
    expect(history.troubles[0]?.to).to.be.at.most(history.now);
  });
  it('has every event in the journal, and tells the story of one message with the faults near it', async () => {
    const message = { room: 'r', sender: 'ann', clientId: 'c1' };
    history.sent({ ...message, text: 'hi', lane: 'ann r', n: 1, isMember: true, isQueued: false });
    history.acked({ ...message, seq: 5 });
    history.acked({ ...message, clientId: 'c2', seq: 6 });
    history.trouble('api', true, 'api-1')();
    history.frame('bob', 'd', { type: 'message', rooms: ['r'], seq: 5 });
    await journal.end();
    const lines: JournalLine[] = [];
    for await (const line of readJournal(journal.path)) lines.push(line);
    expect(lines.map(({ type }) => type)).to.deep.equal(['send', 'ack', 'ack', 'trouble', 'mended', 'heard']);
    const about = { room: 'r', seq: 5, clientId: 'c1' };
    const told = await story({ kind: 'lost', where: 'r', detail: '', about }, journal.path);
    expect(told).to.have.length(5);
    expect(told.join('\n')).not.to.include('c2');
  });
});
