import { expect } from 'chai';
import { OutboxStore, type OutboxEntry, type Saved } from '../../../shared/sdk/outbox-store.ts';
import { alone, memoryStorage, type Storage } from '../../../shared/sdk/index.ts';

describe('the outbox’s storage', () => {
  const entry = (clientId: string): OutboxEntry => ({ clientId, room: 'r', text: clientId, at: '' });
  const adding =
    (clientId: string) =>
    (saved: Saved): Saved => ({ ...saved, entries: [...saved.entries, entry(clientId)] });
  const idsIn = async (store: OutboxStore): Promise<string[]> =>
    (await store.read()).entries.map(({ clientId }) => clientId);

  /** A storage whose next reads fail. */
  function setup() {
    const inner = memoryStorage();
    const faults = { reads: 0 };
    const storage: Storage = {
      ...inner,
      get: async (key) => {
        if (faults.reads-- > 0) throw new Error('cannot be read');
        return inner.get(key);
      },
      set: (key, value) => inner.set(key, value),
      delete: (key) => inner.delete(key),
    };
    const open = (): OutboxStore =>
      new OutboxStore({ storage, tabs: alone(), user: 'ann', warn: () => undefined });
    return { inner, faults, open };
  }

  it('keeps what waits for the next process', async () => {
    const { open } = setup();
    await open().update(adding('a'));
    expect(await idsIn(open())).to.deep.equal(['a']);
  });

  it('never writes over what it could not read, and goes on behind that once it can', async () => {
    const { open, faults } = setup();
    await open().update(adding('a'));
    faults.reads = 1;
    const next = open();
    await next.update(adding('b'));
    expect(await idsIn(open())).to.deep.equal(['a']);
    await next.update(adding('c'));
    expect(await idsIn(open())).to.deep.equal(['a', 'b', 'c']);
  });

  it('begins anew where something else stands', async () => {
    const { inner, open } = setup();
    for (const text of ['{', '[]', 'null', '{"entries":1}']) {
      await inner.set('outbox:ann', text);
      await open().update(adding('a'));
      expect(await idsIn(open())).to.deep.equal(['a']);
    }
  });
});
