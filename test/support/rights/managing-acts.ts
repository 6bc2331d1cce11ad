import type { MANAGING } from '../../../api/rights/table.ts';
import type { Act, Body } from './act.ts';
import type { Scene } from './scene.ts';
import type { Who } from './world.ts';

type Person = (scene: Scene) => Who;
const abe: Person = (s) => s.world.cast.abe;
/** A member beside the actor; in a direct conversation, the other side. */
const mate: Person = (s) => (s.isDm ? s.other : s.world.cast.mia);

const isOut = async (s: Scene, { id }: Who): Promise<boolean> => !(await s.members()).has(id);
const remove = (who: Person, as?: string): Act => ({
  ...(as === undefined ? {} : { as }),
  once: true,
  run: (s) => s.act('DELETE', s.path(`/members/${who(s).id}`)),
  worked: (s) => isOut(s, who(s)),
});
const give = (who: Person, role: string, as?: string): Act => ({
  ...(as === undefined ? {} : { as }),
  once: true,
  run: (s) => s.act('PATCH', s.path(`/members/${who(s).id}`), { role }),
  worked: (_, body) => body.role === role,
});
const isRoom = (s: Scene, { id }: Body): boolean => id === s.room;
const change = (as: string, body: object | ((scene: Scene) => object), worked: Act['worked']): Act => ({
  as,
  once: true,
  run: (s) => s.act('PATCH', s.path(''), typeof body === 'function' ? body(s) : body),
  worked,
});
/** A link by somebody else who may make one. */
const othersInvite = (s: Scene) => s.invite(abe(s));
const invitesBy = async (s: Scene, who: Who): Promise<number> => {
  const { invites } = await s.by<Body>(s.owner, 'GET', '/invites');
  return invites.filter(({ by }) => by.id === who.id).length;
};

/** How each right of looking after a room is tried. */
export const MANAGING_ACTS: Readonly<Record<keyof typeof MANAGING, readonly Act[]>> = {
  'room.join': [{ once: true, run: (s) => s.act('POST', s.path('/join')), worked: isRoom }],
  'invite.join': [
    {
      once: true,
      run: async (s) => s.act('POST', `/invites/${(await s.invite(s.owner)).token}/join`),
      worked: isRoom,
    },
  ],
  'room.leave': [
    {
      as: 'by leaving',
      once: true,
      run: (s) => s.act('POST', s.path('/leave')),
      worked: (s) => isOut(s, s.actor),
    },
    remove((s) => s.actor, 'by removing oneself'),
  ],
  'member.add': [
    {
      once: true,
      run: (s) => s.act('POST', s.path('/members'), { users: [s.world.cast.out.id] }),
      worked: (s, { members }) => members.some(({ user }) => user.id === s.world.cast.out.id),
    },
  ],
  'member.remove': [remove(mate)],
  'member.removeAdmin': [
    remove(abe, 'an admin'),
    { ...remove((s) => s.owner, 'or the owner'), where: ({ standing }) => standing !== 'owner' },
  ],
  'member.role': [
    give(mate, 'admin', 'an admin'),
    { ...give(abe, 'member', 'a member'), where: ({ place }) => place.kind !== 'dm' },
  ],
  'room.handOver': [give(mate, 'owner')],
  'room.settings': [
    change(
      'name',
      ({ name }) => ({ name: `Renamed ${name}` }),
      (_, { name }) => name.startsWith('Renamed'),
    ),
    change('topic', { topic: 'Changed' }, (_, { topic }) => topic === 'Changed'),
    {
      ...change('whether it is public', { public: false }, (_, body) => !body.public),
      where: ({ place }) => place.body.type === 'channel',
    },
  ],
  'room.delete': [
    {
      once: true,
      run: (s) => s.act('DELETE', s.path('')),
      worked: async (s) =>
        (await s.world.wire.call('GET', s.path(''), { token: s.owner.token })).status === 404,
    },
  ],
  'invite.create': [
    {
      as: 'make',
      run: (s) => s.act('POST', s.path('/invites'), { maxUses: 3 }),
      worked: (_, { token }) => token.length > 30,
    },
    {
      as: 'list',
      run: (s) => s.act('GET', s.path('/invites')),
      worked: (s, { invites }) => invites.some(({ id }) => id === s.made.ownInvite?.id),
    },
  ],
  'invite.others': [
    {
      where: ({ place }) => place.kind !== 'dm',
      run: async (s) => {
        await othersInvite(s);
        return s.act('GET', s.path('/invites'));
      },
      worked: (s, { invites }) => invites.some(({ by }) => by.id === abe(s).id),
    },
    {
      where: ({ place }) => place.kind === 'dm',
      run: (s) => s.act('GET', s.path('/invites')),
      worked: () => false,
    },
  ],
  'invite.revokeOwn': [
    {
      once: true,
      run: async (s) => {
        const { id } = s.isIn ? await s.ownInvite() : (s.made.ownInvite ?? (await othersInvite(s)));
        return s.act('DELETE', s.path(`/invites/${id}`));
      },
      worked: async (s) => (await invitesBy(s, s.actor)) === 0,
    },
  ],
  'invite.revokeOther': [
    {
      once: true,
      run: async (s) => s.act('DELETE', s.path(`/invites/${(await othersInvite(s)).id}`)),
      worked: async (s) => (await invitesBy(s, abe(s))) === 0,
    },
  ],
};
