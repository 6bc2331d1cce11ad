import { randomUUID } from 'node:crypto';
import type { WRITING } from '../../../api/rights/table.ts';
import type { Act, Body } from './act.ts';
import type { Scene } from './scene.ts';

const draft = (text: string, more: object = {}): object => ({ clientId: randomUUID(), text, ...more });
const send = (s: Scene, text: string, more: object = {}, room = s.room) =>
  s.act('POST', `/rooms/${room}/messages`, draft(text, more));
const stands = async (s: Scene, { seq }: Body): Promise<boolean> => (await s.message(seq)) !== undefined;
const edit = (s: Scene, seq: number, text: string) => s.act('PATCH', s.path(`/messages/${seq}`), { text });
const remove = (s: Scene, seq: number) => s.act('DELETE', s.path(`/messages/${seq}`));
const isGone = (_: Scene, { deletedAt }: Body): boolean => deletedAt !== undefined;
const reaction = (s: Scene, emoji: string): string =>
  s.path(`/messages/${s.made.first}/reactions/${encodeURIComponent(emoji)}`);
const namesAll = (_: Scene, { mentions }: Body): boolean => mentions?.includes('room') === true;
const all: readonly Act[] = [
  { as: 'in a message', run: (s) => send(s, 'hear me, @room'), worked: namesAll },
  { as: 'in an edit', run: async (s) => edit(s, await s.mine(), 'hear me, @room'), worked: namesAll },
];

/** How each right of writing is tried. */
export const WRITING_ACTS: Readonly<Partial<Record<keyof typeof WRITING, readonly Act[]>>> = {
  'message.send': [
    { as: 'a message', run: (s) => send(s, 'hello'), worked: stands },
    { as: 'a reply', run: (s) => send(s, 'hello', { replyTo: s.made.first }), worked: stands },
    { as: 'in a thread', run: (s) => send(s, 'hello', { thread: s.made.first }), worked: stands },
  ],
  'message.forward': [
    {
      as: 'its words',
      run: (s) => send(s, '', { forward: { room: s.room, seq: s.made.first } }, s.world.home),
      worked: (s, { text, forwardedFrom }) => text.startsWith(s.word) && forwardedFrom !== undefined,
    },
    {
      as: 'its files',
      run: (s) => send(s, '', { forward: { room: s.room, seq: s.made.fileSeq } }, s.world.home),
      worked: (_, { attachments }) => attachments?.length === 1,
    },
  ],
  'message.editOwn': [
    { run: async (s) => edit(s, await s.mine(), 'better'), worked: (_, { text }) => text === 'better' },
  ],
  'message.editOther': [
    { run: (s) => edit(s, s.made.first, 'worse'), worked: (_, { text }) => text === 'worse' },
  ],
  'message.deleteOwn': [{ run: async (s) => remove(s, await s.mine()), worked: isGone }],
  'message.deleteOther': [{ run: async (s) => remove(s, await s.theirs()), worked: isGone }],
  'message.react': [
    {
      as: 'react',
      run: (s) => s.act('PUT', reaction(s, '👍')),
      worked: (s, { reactions }) => reactions?.['👍']?.users.includes(s.actor.id) === true,
    },
    {
      as: 'take it back',
      run: (s) => s.act('DELETE', reaction(s, '🎉')),
      worked: (_, { reactions }) => reactions?.['🎉'] === undefined,
    },
  ],
  'message.pin': [
    {
      as: 'pin',
      run: async (s) => s.act('PUT', s.path(`/messages/${await s.theirs()}/pin`)),
      worked: (_, { pinnedAt }) => pinnedAt !== undefined,
    },
    {
      as: 'unpin',
      run: async (s) => {
        const seq = await s.theirs();
        await s.by(s.owner, 'PUT', `/messages/${seq}/pin`);
        return s.act('DELETE', s.path(`/messages/${seq}/pin`));
      },
      worked: (_, { pinnedAt }) => pinnedAt === undefined,
    },
  ],
  'mention.room': all,
  'mention.largeRoom': all.map((act) => ({ ...act, crowd: true })),
  'file.upload': [
    { as: 'upload', run: (s) => s.uploadAct(), worked: (_, { id }) => id !== '' },
    {
      as: 'send',
      run: async (s) => {
        const { ownUnsent = s.made.unsent } = s.made;
        return send(s, '', { attachments: [ownUnsent] });
      },
      worked: (_, { attachments }) => attachments?.length === 1,
    },
  ],
  'file.sendOther': [
    {
      run: (s) => send(s, 'mine?', { attachments: [s.made.unsent] }),
      worked: (_, { attachments }) => attachments?.length === 1,
    },
  ],
  'draft.keep': [
    {
      as: 'in the room',
      run: (s) => s.act('PUT', s.path('/draft'), { text: 'not yet' }),
      worked: (_, { text }) => text === 'not yet',
    },
    {
      as: 'in a thread',
      run: (s) => s.act('PUT', s.path('/draft'), { text: 'not yet', thread: s.made.first }),
      worked: (s, { thread }) => thread === s.made.first,
    },
  ],
  'message.schedule': [
    {
      run: (s) =>
        s.act(
          'POST',
          s.path('/scheduled'),
          draft('later', { at: new Date(Date.now() + 86_400_000).toISOString() }),
        ),
      worked: (s, { room }) => room === s.room,
    },
  ],
};
