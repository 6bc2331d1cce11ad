import { expect } from 'chai';
import type { Change } from '../../chaos/evidence.ts';
import { change, first, kinds, row, stored, view } from './evidence.ts';

const open = { name: 'open' } as const;
const done = (rev: number): Change['result'] => ({ name: 'done', rev, at: rev * 100 });
const edited = { text: 'new', isEdited: true, rev: 4 };
const deleted = { text: '', isDeleted: true, rev: 4 };

describe('the chaos judge of changes', () => {
  it('is content with an edit that stands, and with one without an answer either way', () => {
    expect(kinds({ changes: [change('edit', 'new')], ...first(edited) })).to.deep.equal([]);
    const unknown = [change('edit', 'new', { result: open, loose: 1 })];
    expect(kinds({ changes: unknown, ...first(edited) })).to.deep.equal([]);
    expect(kinds({ changes: unknown })).to.deep.equal([]);
  });
  it('catches an edit that was acknowledged and is gone', () => {
    expect(kinds({ changes: [change('edit', 'new')] })).to.deep.equal(['change-lost']);
    const both = [change('edit', 'new'), change('edit', 'newer', { result: done(5) })];
    expect(kinds({ changes: both, ...first({ ...edited, rev: 5 }) })).to.deep.equal(['change-lost']);
    expect(kinds({ changes: both, ...first({ ...edited, text: 'newer', rev: 5 }) })).to.deep.equal([]);
  });
  it('bears an earlier try that came true late', () => {
    const both = [change('edit', 'new', { loose: 1 }), change('edit', 'newer', { result: done(5) })];
    expect(kinds({ changes: both, ...first({ ...edited, rev: 6 }) })).to.deep.equal([]);
  });
  it('catches an edit nobody made, and one that is not marked', () => {
    expect(kinds(first(edited))).to.deep.equal(['altered']);
    const changes = [change('edit', 'new')];
    expect(kinds({ changes, ...first({ ...edited, isEdited: false }) })).to.deep.equal(['altered']);
  });
  it('catches a message that was deleted and is there, or is deleted and something is left', () => {
    const changes = [change('delete', '')];
    expect(kinds({ changes, ...first(deleted) })).to.deep.equal([]);
    expect(kinds({ changes })).to.deep.equal(['change-lost']);
    expect(kinds({ changes, ...first({ ...deleted, text: 'text 1' }) })).to.deep.equal(['altered']);
    expect(kinds({ changes, ...first({ ...deleted, reactions: '+ bob' }) })).to.deep.equal(['altered']);
  });
  it('catches a message that nobody deleted', () => {
    expect(kinds(first(deleted))).to.deep.equal(['change-invented']);
  });
  it('bears changes that a delete overtook', () => {
    const refused = change('edit', 'new', { result: { name: 'refused', code: 'conflict' } });
    const changes = [change('react', '+', { by: 'bob' }), change('delete', ''), refused];
    expect(kinds({ changes, ...first(deleted) })).to.deep.equal([]);
  });
  it('catches a member’s change that was refused without a reason', () => {
    const refused = { result: { name: 'refused', code: 'not_found' } } as const;
    expect(kinds({ changes: [change('react', '+', refused)] })).to.deep.equal(['change-refused']);
    const outside = { ...refused, isMember: false };
    expect(kinds({ changes: [change('react', '+', outside)] })).to.deep.equal([]);
  });
  it('catches a reaction that is gone, is back, or is nobody’s', () => {
    const react = change('react', '+', { by: 'bob' });
    const unreact = change('unreact', '+', { by: 'bob', result: done(5) });
    const there = first({ reactions: '+ bob', rev: 4 });
    expect(kinds({ changes: [react], ...there })).to.deep.equal([]);
    expect(kinds({ changes: [react], ...first({ rev: 4 }) })).to.deep.equal(['change-lost']);
    expect(kinds({ changes: [react, unreact], ...first({ rev: 5 }) })).to.deep.equal([]);
    expect(kinds({ changes: [react, unreact], ...first({ reactions: '+ bob', rev: 5 }) })).to.deep.equal([
      'change-lost',
    ]);
    expect(kinds(there)).to.deep.equal(['change-invented']);
  });
  it('catches a rev below one that was acknowledged', () => {
    expect(kinds({ changes: [change('edit', 'new')], ...first({ ...edited, rev: 1 }) })).to.deep.equal([
      'change-lost',
    ]);
  });
  it('catches a view that holds an older state', () => {
    const changes = [change('edit', 'new')];
    const rows = [row(1, 1, edited), row(2), row(3)];
    const old = view([row(1), row(2), row(3)]);
    expect(kinds({ changes, ...stored(rows), views: [old] })).to.deep.equal(['view-extra']);
  });
  it('does not count deleted messages as unread', () => {
    const changes = [change('delete', '')];
    const read = first(deleted);
    expect(
      kinds({ changes, ...read, unread: [{ user: 'bob', room: 'r', readSeq: 0, unread: 2 }] }),
    ).to.deep.equal([]);
    expect(
      kinds({ changes, ...read, unread: [{ user: 'bob', room: 'r', readSeq: 0, unread: 3 }] }),
    ).to.deep.equal(['unread']);
  });
});
