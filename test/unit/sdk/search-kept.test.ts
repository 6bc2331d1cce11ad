import { expect } from 'chai';
import { searchKept } from '../../../shared/sdk/search-kept.ts';
import type { Message, SearchQuery } from '../../../shared/wire/rest.ts';

describe('searching what a device keeps', () => {
  const [ann, bob] = ['ann', 'bob'].map((username) => ({
    id: `id-${username}`,
    username,
    displayName: username,
  }));
  const said = (text: string, fields: Partial<Message> = {}): Message => ({
    ...{ room: 'a', seq: 1, id: text, kind: 'text', sender: ann!, text, rev: 1 },
    at: '2026-11-20T10:00:00Z',
    ...fields,
  });
  const messages = [
    said('The boat leaves at nine'),
    said('A blue boat', { room: 'b', sender: bob!, at: '2026-11-21T10:00:00Z' }),
    said('Boats: https://boats.example', { at: '2026-11-19T10:00:00Z' }),
    said('The boat is gone', { deletedAt: '2026-11-21T10:00:00Z' }),
    said('boat', { kind: 'notice' }),
    said('', { id: 'plan', attachments: [{ name: 'Café boat.pdf' } as never] }),
  ];
  const ask = (query: SearchQuery): readonly string[] =>
    searchKept(messages, query).results.map(({ id }) => id);

  it('finds whole words, newest first, in names of files too, not what was deleted', () => {
    expect(ask({ q: 'BOAT' })).to.deep.equal(['A blue boat', 'The boat leaves at nine', 'plan']);
    expect(ask({ q: 'cafe' })).to.deep.equal(['plan']);
    expect(ask({ q: '"boat leaves" nine' })).to.deep.equal(['The boat leaves at nine']);
    expect(ask({ q: 'boat -blue -pdf' })).to.deep.equal(['The boat leaves at nine']);
  });

  it('takes the last word for a beginning while one types', () => {
    expect(ask({ q: 'boat', prefix: 'true' })).to.include('Boats: https://boats.example');
  });

  it('knows who, where, when and what a message has', () => {
    expect(ask({ from: 'bob' })).to.deep.equal(['A blue boat']);
    expect(ask({ from: 'id-bob' })).to.deep.equal(['A blue boat']);
    expect(ask({ q: 'boat', room: 'b' })).to.deep.equal(['A blue boat']);
    expect(ask({ has: 'link' })).to.deep.equal(['Boats: https://boats.example']);
    expect(ask({ has: 'file' })).to.deep.equal(['plan']);
    expect(ask({ q: 'boat', after: '2026-11-21' })).to.deep.equal(['A blue boat']);
    expect(ask({ q: 'boats', before: '2026-11-20' })).to.deep.equal(['Boats: https://boats.example']);
    expect(ask({ q: 'boat', before: '2026-11-20' })).to.deep.equal([]);
  });

  it('finds nothing where nothing is asked for', () => {
    for (const query of [{}, { q: '…' }, { q: '-boat' }, { room: 'a' }]) expect(ask(query)).to.deep.equal([]);
  });
});
