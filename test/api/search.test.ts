import { expect } from 'chai';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import type { Attachment, CreateRoomBody, Message, Room, SearchResults } from '../../shared/wire/rest.ts';
import { startApi, type Account, type ApiNode } from '../support/api-node.ts';
import { startServers, type TestServers } from '../support/servers.ts';

/** ms until what was written must be found: a second or two, on a machine that has other work. */
const PATIENCE = 20_000;

describe('search', () => {
  let servers: TestServers;
  let api: ApiNode;
  let other: ApiNode;
  let ann: Account;
  let bob: Account;
  let eve: Account;
  let room: string;
  before(async function () {
    this.timeout(240_000);
    servers = await startServers();
    api = await startApi({ servers });
    other = await startApi({ servers });
    [ann, bob, eve] = await Promise.all([api.register('ann'), api.register('bob'), api.register('eve')]);
    room = await makeRoom({ type: 'group', name: 'Plans', members: [bob.username] });
  });
  after(async function () {
    this.timeout(30_000);
    await other?.stop();
    await api?.stop();
  });

  const makeRoom = async (body: CreateRoomBody): Promise<string> =>
    (await api.call<Room>('POST', '/rooms', { token: ann.token, body })).body.id;
  const say = async (who: Account, text: string, where = room): Promise<Message> => {
    const body = { clientId: randomUUID(), text };
    return (await api.call<Message>('POST', `/rooms/${where}/messages`, { token: who.token, body })).body;
  };
  const search = async (
    who: Account,
    query: Record<string, string>,
    node: ApiNode = api,
  ): Promise<SearchResults> => {
    const path = `/search?${new URLSearchParams(query).toString()}`;
    const { status, body } = await node.call<SearchResults>('GET', path, { token: who.token });
    if (status !== 200) throw new Error(`the search was answered with ${status}`);
    return body;
  };
  const texts = async (who: Account, query: Record<string, string>, node = api): Promise<string[]> =>
    (await search(who, query, node)).results.map(({ text }) => text);
  /** Asks until the texts found are these. */
  const finds = async (who: Account, query: Record<string, string>, expected: string[], node = api) => {
    const deadline = Date.now() + PATIENCE;
    for (;;) {
      const found = await texts(who, query, node);
      if (JSON.stringify(found) === JSON.stringify(expected)) return;
      if (Date.now() > deadline) expect(found).to.deep.equal(expected);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };

  it('finds a message through every node soon after it was sent, whole as everywhere', async function () {
    this.timeout(PATIENCE + 10_000);
    const message = await say(ann, 'The Kangaroo, naturally');
    await finds(bob, { q: 'kangaroo' }, [message.text], other);
    expect((await search(bob, { q: 'KANGAROO naturally' })).results).to.deep.equal([message]);
  });

  it('finds what a message says now, not what it said', async function () {
    this.timeout(PATIENCE + 10_000);
    const { seq } = await say(ann, 'meet at the walrus');
    await finds(bob, { q: 'walrus' }, ['meet at the walrus']);
    const body = { text: 'meet at the penguin' };
    await other.call('PATCH', `/rooms/${room}/messages/${seq}`, { token: ann.token, body });
    expect(await texts(bob, { q: 'walrus' })).to.deep.equal([]);
    await finds(bob, { q: 'penguin' }, ['meet at the penguin']);
    await other.call('DELETE', `/rooms/${room}/messages/${seq}`, { token: ann.token });
    expect(await texts(bob, { q: 'penguin' })).to.deep.equal([]);
  });

  it('shows rooms only to those who are in them at that moment', async function () {
    this.timeout(PATIENCE + 10_000);
    const secret = await makeRoom({ type: 'group', name: 'Secret', members: [eve.username] });
    await say(ann, 'the platypus is ours', secret);
    await finds(eve, { q: 'platypus' }, ['the platypus is ours']);
    expect(await texts(bob, { q: 'platypus' })).to.deep.equal([]);
    const asked = await api.refused('GET', `/search?q=platypus&room=${secret}`, { token: bob.token });
    expect(asked.code).to.equal('not_found');
    await api.call('DELETE', `/rooms/${secret}/members/${eve.username}`, { token: ann.token });
    expect(await texts(eve, { q: 'platypus' })).to.deep.equal([]);
    expect(await texts(eve, { q: 'platypus' }, other)).to.deep.equal([]);
    await api.call('DELETE', `/rooms/${secret}`, { token: ann.token });
    expect(await texts(ann, { q: 'platypus' })).to.deep.equal([]);
  });

  it('needs every word, phrases as they are, and nothing that is excluded', async function () {
    this.timeout(PATIENCE + 10_000);
    await say(ann, 'zebra crossing ahead');
    await say(bob, 'crossing a zebra with a horse');
    await say(bob, 'Žebra: 会議は明日です');
    await finds(ann, { q: 'zebra' }, [
      'Žebra: 会議は明日です',
      'crossing a zebra with a horse',
      'zebra crossing ahead',
    ]);
    expect(await texts(ann, { q: 'zebra crossing' })).to.have.length(2);
    expect(await texts(ann, { q: '"zebra crossing"' })).to.deep.equal(['zebra crossing ahead']);
    expect(await texts(ann, { q: 'zebra -horse -明日' })).to.deep.equal(['zebra crossing ahead']);
    expect(await texts(ann, { q: '会議' })).to.deep.equal(['Žebra: 会議は明日です']);
    for (const q of ['-zebra', '!!!', '"', '- -']) expect(await texts(ann, { q }), q).to.deep.equal([]);
  });

  it('filters by room, sender, time and links', async function () {
    this.timeout(PATIENCE + 10_000);
    const elsewhere = await makeRoom({ type: 'channel', name: randomUUID(), members: [bob.username] });
    const first = await say(ann, 'ostrich one');
    await new Promise((resolve) => setTimeout(resolve, 5));
    const second = await say(bob, 'ostrich two https://example.org/ostrich');
    await say(ann, 'ostrich three', elsewhere);
    await finds(ann, { q: 'ostrich' }, ['ostrich three', second.text, 'ostrich one']);
    expect(await texts(ann, { q: 'ostrich', room })).to.deep.equal([second.text, 'ostrich one']);
    expect(await texts(ann, { q: 'ostrich', from: bob.username })).to.deep.equal([second.text]);
    expect(await texts(ann, { q: 'ostrich', from: ann.id, room })).to.deep.equal(['ostrich one']);
    expect(await texts(ann, { q: 'ostrich', before: second.at })).to.deep.equal([first.text]);
    expect(await texts(ann, { q: 'ostrich', after: second.at, room })).to.deep.equal([second.text]);
    expect(await texts(ann, { q: 'ostrich', before: '2020-01-01' })).to.deep.equal([]);
    expect(await texts(ann, { q: 'ostrich', has: 'link' })).to.deep.equal([second.text]);
    expect(await texts(ann, { q: 'ostrich', has: 'link,file' })).to.deep.equal([]);
    expect(await texts(ann, { from: bob.id, room }))
      .to.include(second.text)
      .and.not.include(first.text);
    expect(await texts(ann, { has: 'link', room }))
      .to.include(second.text)
      .and.not.include(first.text);
  });

  it('finds files, pictures, links and recordings without a word', async function () {
    this.timeout(PATIENCE + 10_000);
    const place = await makeRoom({ type: 'group', name: 'Things', members: [bob.username] });
    const upload = async (name: string, bytes: Buffer, query = ''): Promise<string> => {
      const init = {
        method: 'POST',
        headers: { authorization: `Bearer ${ann.token}` },
        body: new Uint8Array(bytes),
      };
      const response = await fetch(
        `${api.origin}/api/v1/attachments?room=${place}&name=${name}${query}`,
        init,
      );
      return ((await response.json()) as Attachment).id;
    };
    const give = async (text: string, ...attachments: string[]): Promise<void> => {
      const body = { clientId: randomUUID(), text, attachments };
      const { status } = await api.call('POST', `/rooms/${place}/messages`, { token: ann.token, body });
      expect(status).to.equal(201);
    };
    const png = await sharp({ create: { width: 3, height: 3, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    const sound = Buffer.from('OggS\0\x02 OpusHead');
    await give('words alone');
    await give('a plan', await upload('plan.txt', Buffer.from('plan')));
    await give('a picture', await upload('sea.png', png));
    await give('a song', await upload('song.ogg', sound));
    await give('a recording', await upload('voice.ogg', sound, '&duration=2&waveform=1,2,3'));
    await give('a link https://example.org/x');
    await finds(bob, { has: 'link', room: place }, ['a link https://example.org/x']);
    await finds(bob, { has: 'file', room: place }, ['a recording', 'a song', 'a plan']);
    await finds(bob, { has: 'image', room: place }, ['a picture']);
    await finds(bob, { has: 'voice', room: place }, ['a recording']);
    expect(await texts(bob, { has: 'file,image', room: place })).to.deep.equal([]);
    expect(await texts(bob, { has: 'voice', from: bob.id, room: place })).to.deep.equal([]);
    expect(await texts(bob, { q: 'song', has: 'file', room: place })).to.deep.equal(['a song']);
    expect(await texts(eve, { has: 'voice' })).to.deep.equal([]);
  });

  it('takes the last word for the beginning of one while it is typed', async function () {
    this.timeout(PATIENCE + 10_000);
    const place = await makeRoom({ type: 'group', name: 'Typing', members: [bob.username] });
    const all = ['Hippopotamus one', 'the HIPPOPOTAMI', 'hippo', 'happy hippie', 'from here: harbour'];
    for (const text of all) await say(ann, text, place);
    const typed = (q: string, rest: Record<string, string> = {}) => ({
      q,
      room: place,
      prefix: 'true',
      ...rest,
    });
    await finds(bob, typed('hipp'), ['happy hippie', 'hippo', 'the HIPPOPOTAMI', 'Hippopotamus one']);
    await finds(bob, { q: 'harbour', room: place }, ['from here: harbour']);
    expect(await texts(bob, { q: 'hipp', room: place })).to.deep.equal([]);
    expect(await texts(bob, typed('hippopotam'))).to.deep.equal(['the HIPPOPOTAMI', 'Hippopotamus one']);
    expect(await texts(bob, typed('happy hip'))).to.deep.equal(['happy hippie']);
    expect(await texts(bob, typed('hip happy')), 'the last one only').to.deep.equal([]);
    expect(await texts(bob, typed('-happy hippo', { from: ann.id }))).to.have.length(3);
    expect(await texts(bob, typed('"happy hip"')), 'a phrase is whole').to.deep.equal([]);
    for (const q of ['fr', 'fro', 'from', 'ha', 'has'])
      expect(await texts(bob, typed(q)), q).to.deep.equal(
        { fr: [], fro: [], from: [all[4]], ha: [], has: [] }[q],
      );
    expect(await texts(bob, typed('h')), 'one letter is a word').to.deep.equal([]);
    expect(await texts(eve, { q: 'hipp', prefix: 'true' })).to.deep.equal([]);
    const { results, next } = await search(bob, typed('hipp', { limit: '2' }));
    const rest = await search(bob, typed('hipp', { limit: '2', cursor: next ?? '' }), other);
    expect([...results, ...rest.results].map(({ text }) => text)).to.deep.equal([
      all[3],
      all[2],
      all[1],
      all[0],
    ]);
    expect((await api.refused('GET', '/search?q=a&prefix=maybe', { token: bob.token })).code).to.equal(
      'invalid',
    );
  });

  it('pages through each result once, also while more come in', async function () {
    this.timeout(PATIENCE + 10_000);
    const sent = Array.from({ length: 12 }, (_, i) => `iguana ${i}`);
    for (const text of sent) await say(ann, text);
    await finds(bob, { q: 'iguana', limit: '200' }, sent.toReversed());
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; page === 0 || cursor !== undefined; page++) {
      const query = { q: 'iguana', limit: '5', ...(cursor === undefined ? {} : { cursor }) };
      const { results, next } = await search(bob, query, page % 2 === 0 ? api : other);
      seen.push(...results.map(({ text }) => text));
      if (page === 0) {
        await say(ann, 'iguana too late');
        await finds(bob, { q: 'iguana late' }, ['iguana too late']);
      }
      cursor = next;
    }
    expect(seen).to.deep.equal(sent.toReversed());
  });

  it('is refused without a query, with one that is too long, and with filters that are none', async () => {
    for (const query of [
      '',
      'q=',
      'q=%20',
      `q=${'x'.repeat(201)}`,
      'q=a&before=yesterday',
      'q=a&has=virus',
      'q=a&has=',
      'q=a&room=x',
      'q=a&cursor=eA',
      'q=%00',
      'q=a&limit=201',
    ])
      expect((await api.refused('GET', `/search?${query}`, { token: ann.token })).code, query).to.equal(
        'invalid',
      );
    const stranger = await api.refused('GET', '/search?q=a&from=nobody-here', { token: ann.token });
    expect(stranger.code).to.equal('not_found');
    expect((await api.refused('GET', '/search?q=a')).code).to.equal('unauthorized');
  });

  it('survives every query', async function () {
    this.timeout(60_000);
    const piece = fc.oneof(
      fc.constantFrom(
        '"',
        '-',
        '\\',
        "'",
        ' ',
        '(',
        '[',
        '.*',
        '$',
        '{',
        '\0',
        '\ud800',
        'the',
        '会',
        '👍',
        'İ',
        'ﷺ',
      ),
      fc.string({ unit: 'binary', maxLength: 10 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 20 }), async (pieces) => {
        const q = pieces.join('').toWellFormed();
        const { status } = await api.call('GET', `/search?q=${encodeURIComponent(q)}`, { token: ann.token });
        expect(status).to.be.oneOf([200, 400]);
      }),
      { numRuns: 100 },
    );
  });

  it('goes on when the node that indexed is gone', async function () {
    this.timeout(2 * PATIENCE + 10_000);
    const third = await startApi({ servers });
    const body = { clientId: randomUUID(), text: 'the last armadillo' };
    await third.call('POST', `/rooms/${room}/messages`, { token: ann.token, body });
    await third.stop();
    await finds(bob, { q: 'armadillo' }, ['the last armadillo']);
    await api.stop();
    const late = { clientId: randomUUID(), text: 'an armadillo after all' };
    await other.call('POST', `/rooms/${room}/messages`, { token: ann.token, body: late });
    await finds(bob, { q: 'armadillo' }, ['an armadillo after all', 'the last armadillo'], other);
  });
});
