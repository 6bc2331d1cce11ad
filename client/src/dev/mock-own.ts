import { ApiError } from '../../../shared/sdk/index.ts';
import { Value } from '../../../shared/sdk/observable.ts';
import type { OwnApi } from '../../../shared/sdk/types.ts';
import { PEOPLE } from './mock-data.ts';

const gone = (): Promise<never> => Promise.reject(new ApiError('not_found', 'No such invite.'));

/** Blocks are kept for the page's life; there are no links. */
export function mockOwn(): OwnApi {
  const blocked = new Value<ReadonlySet<string>>(new Set());
  return {
    blocked,
    block: (user, on) => {
      const next = new Set(blocked.get());
      if (on) next.add(user);
      else next.delete(user);
      blocked.set(next);
      return Promise.resolve();
    },
    blockedPeople: () => Promise.resolve(PEOPLE.filter(({ id }) => blocked.get().has(id))),
    markUnread: () => Promise.resolve(),
    invites: () => Promise.resolve([]),
    createInvite: gone,
    revokeInvite: gone,
    invite: gone,
    acceptInvite: gone,
    presence: () => Promise.resolve({ presence: [] }),
  };
}
