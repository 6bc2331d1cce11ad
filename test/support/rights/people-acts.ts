import type { PersonAction } from '../../../api/rights/table.ts';
import type { PresenceState } from '../../../shared/wire/protocol.ts';
import type { Draft, Me, Scheduled, Session } from '../../../shared/wire/rest.ts';
import type { PersonScene } from './person-scene.ts';
import type { Answer } from './world.ts';
import type { Body as AnyBody } from './act.ts';

export interface PersonBody extends AnyBody, Partial<Pick<Me, 'email'>> {
  readonly displayName: string;
  readonly drafts: readonly Draft[];
  readonly scheduled: readonly Scheduled[];
  readonly presence: readonly PresenceState[];
}
/** One real call by which a right is tried. */
export interface PersonAct {
  readonly as?: string;
  readonly run: (scene: PersonScene, secrets: Secrets) => Promise<Answer>;
  readonly worked: (scene: PersonScene, body: PersonBody) => boolean | Promise<boolean>;
  readonly where?: (scene: Pick<PersonScene, 'relation'>) => boolean;
  /** Where allowed, the user is another afterwards. */
  readonly once?: true;
  /** In any case. */
  readonly alone?: true;
}
export interface Secrets {
  readonly password: string;
  /** As an administrator of the server makes one. */
  readonly resetToken: (user: string) => Promise<string>;
}

const NEXT = 'battery staple';
const done = (): boolean => true;
const isSelf = ({ relation }: Pick<PersonScene, 'relation'>): boolean => relation === 'self';
const isOther = (scene: Pick<PersonScene, 'relation'>): boolean => !isSelf(scene);
const isPrivate = (s: PersonScene, body: PersonBody): boolean =>
  JSON.stringify(body).includes(s.email) ||
  /"(role|hidePresence|passwordHash|email)"/.test(JSON.stringify(body));
const signsIn = async (s: PersonScene, password: string): Promise<boolean> => {
  const body = { username: s.subject.username, password };
  return (await s.world.wire.call('POST', '/auth/login', { body })).status === 200;
};
const isOver = async (s: PersonScene): Promise<boolean> =>
  (await s.world.wire.call('GET', '/users/me', { token: s.subject.token })).status === 401;
const presence = (s: PersonScene): Promise<Answer> => s.act('GET', `/presence?users=${s.subject.id}`);
const isSeen = (_: PersonScene, body: PersonBody): boolean =>
  body.presence.some(({ online, lastSeen }) => online || lastSeen !== undefined);
const blocksBy = async (s: PersonScene): Promise<readonly string[]> =>
  (await s.world.by<PersonBody>(s.caller, 'GET', '/users/me/blocks')).users.map(({ id }) => id);
const open = (path: `/${string}`): PersonAct => ({ as: path, run: (s) => s.act('GET', path), worked: done });

/** How each right over people is tried; those of the socket alone have no call. */
export const PEOPLE_ACTS: Readonly<Partial<Record<PersonAction, readonly PersonAct[]>>> = {
  'profile.see': [
    {
      as: 'one',
      run: (s) => s.act('GET', `/users/${s.subject.id}`),
      worked: (s, { id }) => id === s.subject.id,
    },
    {
      as: 'by name',
      run: (s) => s.act('GET', `/users?q=${s.subject.username}`),
      worked: (s, { users }) => users.some(({ id }) => id === s.subject.id),
    },
  ],
  'profile.private': [
    {
      as: 'of oneself',
      where: (s) => !isOther(s) || s.relation === 'anonymous',
      run: (s) => s.act('GET', '/users/me'),
      worked: (s, { email }) => email === s.email,
    },
    { as: 'of one', where: isOther, run: (s) => s.act('GET', `/users/${s.subject.id}`), worked: isPrivate },
    {
      as: 'by name',
      where: isOther,
      run: (s) => s.act('GET', `/users?q=${s.subject.username}`),
      worked: isPrivate,
    },
  ],
  'profile.change': [
    {
      run: (s) => s.act('PATCH', '/users/me', { displayName: 'Changed' }),
      worked: (_, { displayName }) => displayName === 'Changed',
    },
  ],
  'password.change': [
    {
      once: true,
      run: (s, { password }) =>
        s.act('POST', '/auth/password', { currentPassword: password, newPassword: NEXT }),
      worked: (s) => signsIn(s, NEXT),
    },
  ],
  'account.delete': [
    { once: true, run: (s, { password }) => s.act('DELETE', '/users/me', { password }), worked: isOver },
  ],
  'sessions.list': [
    {
      run: (s) => s.act('GET', '/auth/sessions'),
      worked: (s, { sessions }) => sessions.some(({ id }) => id === s.session),
    },
  ],
  'sessions.end': [
    {
      once: true,
      run: (s) => s.act('DELETE', `/auth/sessions/${s.session}`),
      worked: async (s) => {
        const { sessions } = await s.by<PersonBody>('GET', '/auth/sessions');
        return sessions.every(({ id }) => id !== s.session);
      },
    },
  ],
  'sessions.endAll': [{ once: true, run: (s) => s.act('POST', '/auth/logout-all'), worked: isOver }],
  'blocks.list': [
    {
      run: (s) => s.act('GET', '/users/me/blocks'),
      worked: (s, { users }) => users.some(({ id }) => id === s.third.id),
    },
  ],
  'blocks.change': [
    {
      as: 'block',
      run: (s) => s.act('PUT', `/users/me/blocks/${s.subject.id}`),
      worked: async (s) => (await blocksBy(s)).includes(s.subject.id),
    },
    {
      as: 'take it back',
      where: isOther,
      run: (s) => s.act('DELETE', `/users/me/blocks/${s.subject.id}`),
      worked: async (s) => !(await blocksBy(s)).includes(s.subject.id),
    },
  ],
  'drafts.list': [
    {
      run: (s) => s.act('GET', '/drafts'),
      worked: (s, { drafts }) => drafts.some(({ room }) => room === s.room),
    },
  ],
  'scheduled.list': [
    {
      run: (s) => s.act('GET', '/scheduled'),
      worked: (s, { scheduled }) => scheduled.some(({ id }) => id === s.scheduled),
    },
  ],
  'scheduled.change': [
    {
      as: 'change',
      run: (s) => s.act('PATCH', `/scheduled/${s.scheduled}`, { text: 'changed', at: s.later }),
      worked: (_, { text }) => text === 'changed',
    },
    {
      as: 'drop',
      once: true,
      run: (s) => s.act('DELETE', `/scheduled/${s.scheduled}`),
      worked: async (s) => (await s.by<PersonBody>('GET', '/scheduled')).scheduled.length === 0,
    },
  ],
  'presence.see': [{ run: presence, worked: isSeen }],
  'presence.seeHidden': [
    {
      alone: true,
      run: async (s) => {
        await s.by('PATCH', '/users/me', { hidePresence: true });
        return presence(s);
      },
      worked: isSeen,
    },
  ],
  'dm.open': [
    {
      run: (s) => s.act('POST', '/rooms', { type: 'dm', user: s.subject.id }),
      worked: (_, { id }) => id !== '',
    },
  ],
  'room.create': [
    {
      run: (s) => s.act('POST', '/rooms', { type: 'group', name: 'New' }),
      worked: (_, { name }) => name === 'New',
    },
  ],
  'room.fill': [
    {
      as: 'a new one',
      run: (s) => s.act('POST', '/rooms', { type: 'group', name: 'Filled', members: [s.subject.id] }),
      worked: async (s, { id }) => (await s.by<PersonBody>('GET', `/rooms/${id}`)).id === id,
    },
    {
      as: 'one there is',
      run: (s) => s.act('POST', `/rooms/${s.callersRoom}/members`, { users: [s.subject.id] }),
      worked: (s, { members }) => members.some(({ user }) => user.id === s.subject.id),
    },
  ],
  'account.open': [
    {
      as: 'register',
      run: (s, { password: newOne }) =>
        s.act('POST', '/auth/register', { username: `new-${s.room.slice(-12)}`, password: newOne }),
      worked: done,
    },
    {
      as: 'sign in',
      run: (s, { password }) => s.act('POST', '/auth/login', { username: s.subject.username, password }),
      worked: (s, body) => (body as unknown as Session).user.id === s.subject.id,
    },
    {
      as: 'refresh',
      once: true,
      run: (s) => s.act('POST', '/auth/refresh', { refreshToken: s.refreshToken }),
      worked: (s, body) => (body as unknown as Session).user.id === s.subject.id,
    },
    {
      as: 'sign out',
      once: true,
      run: (s) => s.act('POST', '/auth/logout', { refreshToken: s.refreshToken }),
      worked: async (s) => {
        const { sessions } = await s.by<PersonBody>('GET', '/auth/sessions');
        return sessions.every(({ id }) => id !== s.session);
      },
    },
  ],
  'password.reset': [
    {
      once: true,
      run: async (s, { resetToken }) =>
        s.act('POST', '/auth/reset', { token: await resetToken(s.subject.id), newPassword: NEXT }),
      worked: (s) => signsIn(s, NEXT),
    },
  ],
  'service.limits': [open('/config')],
  'service.see': [open('/healthz'), open('/readyz'), open('/openapi.json'), open('/asyncapi.yaml')],
};
