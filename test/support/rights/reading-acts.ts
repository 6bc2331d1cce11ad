import type { READING } from '../../../api/rights/table.ts';
import type { Act, Body } from './act.ts';
import type { Scene } from './scene.ts';

const here = (scene: Scene, found: readonly { readonly room: string }[]): boolean =>
  found.some(({ room }) => room === scene.room);
const holds = (scene: Scene, { messages }: Body): boolean =>
  messages.some(({ text }) => text.startsWith(scene.word));
const page = (as: string, query: (scene: Scene) => string): Act => ({
  as,
  run: (s) => s.act('GET', s.path(`/messages${query(s)}`)),
  worked: holds,
});
const search = (as: string, query: (scene: Scene) => string): Act => ({
  as,
  run: (s) => s.act('GET', `/search?q=${s.word}${query(s)}`),
  worked: (s, { results }) => here(s, results),
});
const file = (as: string, query: string, id: (scene: Scene) => string): Act => ({
  as,
  run: (s) => s.act('GET', `/attachments/${id(s)}${query}`),
  worked: () => true,
});
const follow = (method: 'PUT' | 'DELETE', as: string): Act => ({
  as,
  run: (s) => s.act(method, s.path(`/threads/${s.made.first}/follow`)),
  worked: async (s) => {
    const thread = await s.by<Body>(s.actor, 'GET', `/threads/${s.made.first}`);
    return thread.following === (method === 'PUT');
  },
});

/** How each right of reading is tried. */
export const READING_ACTS: Readonly<Partial<Record<keyof typeof READING, readonly Act[]>>> = {
  'room.find': [
    {
      run: (s) => s.act('GET', `/rooms/public?q=${s.name}`),
      worked: (s, { rooms }) => rooms.some(({ id }) => id === s.room),
    },
  ],
  'room.list': [
    {
      run: (s) => s.act('GET', '/rooms'),
      worked: (s, { rooms }) => rooms.some(({ id }) => id === s.room),
    },
  ],
  'room.see': [{ run: (s) => s.act('GET', s.path('')), worked: (s, { id }) => id === s.room }],
  'members.list': [
    {
      run: (s) => s.act('GET', s.path('/members')),
      worked: (s, { members }) => members.some(({ user }) => user.id === s.other.id),
    },
  ],
  'messages.read': [
    page('the newest', () => ''),
    page('before a number', (s) => `?before=${s.made.first + 1}`),
    page('after a number', (s) => `?after=${s.made.first - 1}`),
    page('around a number', (s) => `?around=${s.made.first}`),
    page('by number', (s) => `?seqs=${s.made.first}`),
    {
      as: 'as they were before an edit',
      run: (s) => s.act('GET', s.path(`/messages/${s.made.first}/edits`)),
      worked: (_, { versions }) => versions.length === 1,
    },
    page('of a thread', (s) => `?thread=${s.made.first}`),
    {
      as: 'in the log',
      run: (s) => s.act('GET', s.path('/log?after=0')),
      worked: holds,
    },
  ],
  'pins.list': [{ run: (s) => s.act('GET', s.path('/pins')), worked: holds }],
  'previews.see': [
    { run: (s) => s.act('GET', s.path(`/previews?seqs=${s.made.first}`)), worked: () => true },
  ],
  'threads.list': [
    {
      as: 'all',
      run: (s) => s.act('GET', s.path('/threads')),
      worked: (s, { threads }) => threads.some(({ message }) => message.seq === s.made.first),
    },
    {
      as: 'one',
      run: (s) => s.act('GET', s.path(`/threads/${s.made.first}`)),
      worked: (s, { room }) => room === s.room,
    },
  ],
  'threads.followed': [
    {
      run: (s) => s.act('GET', '/threads?following=true&limit=200'),
      worked: (s, { threads }) => here(s, threads),
    },
  ],
  'search.room': [
    search('by a word', (s) => `&room=${s.room}`),
    search('by a sender', (s) => `&room=${s.room}&from=${s.other.id}`),
  ],
  'search.all': [
    search('by a word', () => ''),
    search('by a sender', (s) => `&from=${s.other.username}`),
    search('with a link', () => '&has=link'),
    {
      as: 'without any word',
      run: (s) => s.act('GET', `/search?from=${s.other.id}&has=link&limit=200`),
      worked: (s, { results }) => here(s, results),
    },
    search('with a picture', () => '&has=image'),
  ],
  'mentions.list': [
    {
      run: (s) => s.act('GET', '/mentions?limit=200'),
      worked: (s, { results }) => here(s, results),
    },
  ],
  'file.open': [file('whole', '', (s) => s.made.file), file('small', '?thumb=1', (s) => s.made.file)],
  'file.openOwn': [file('whole', '', ({ made }) => made.ownUnsent ?? made.unsent)],
  'file.openUnsent': [
    file('whole', '', (s) => s.made.unsent),
    file('small', '?thumb=1', (s) => s.made.unsent),
  ],
  'room.read': [
    {
      run: (s) => s.act('POST', s.path('/read'), { seq: s.made.reply }),
      worked: async (s) => ((await s.members()).get(s.actor.id)?.readSeq ?? 0) >= s.made.reply,
    },
  ],
  'room.unread': [
    {
      run: (s) => s.act('POST', s.path('/unread'), { seq: s.made.first }),
      worked: (s, { me }) => me.readSeq < s.made.first,
    },
  ],
  'thread.follow': [follow('DELETE', 'not any more'), follow('PUT', 'again')],
  'thread.read': [
    {
      run: (s) => s.act('POST', s.path(`/threads/${s.made.first}/read`), { seq: s.made.reply }),
      worked: async (s) =>
        (await s.by<Body>(s.actor, 'GET', `/threads/${s.made.first}`)).readSeq >= s.made.reply,
    },
  ],
  'room.prefs': [
    {
      run: (s) => s.act('PATCH', s.path(''), { me: { favourite: true, notify: 'none', archived: true } }),
      worked: (_, { me }) => me.favourite && me.notify === 'none' && (me.archivedSeq ?? 0) > 0,
    },
  ],
  'invite.look': [
    {
      run: async (s) => s.act('GET', `/invites/${(await s.invite(s.owner)).token}`),
      worked: (s, { name }) => name === s.name,
    },
  ],
};
