/** Whom a right is asked for, and what the answer can be. */
import type { ErrorCode, Role, RoomType } from '../../shared/wire/rest.ts';

/** Rooms by who may walk in: `private` are groups and private channels. */
export const KINDS = ['private', 'public', 'dm'] as const;
export type Kind = (typeof KINDS)[number];

/** What somebody is to a room. `removed` were in it once; `blocked` are, by the other side of a direct conversation. */
export type Standing = 'stranger' | 'removed' | 'blocked' | Role;

const OF_GROUPS = ['stranger', 'removed', 'member', 'admin', 'owner'] as const;
/** What one can be to a room of each kind. */
export const STANDINGS: Readonly<Record<Kind, readonly Standing[]>> = {
  private: OF_GROUPS,
  public: OF_GROUPS,
  dm: ['stranger', 'member', 'blocked'],
};

/**
 * `yes`; a code: refused with it, and nothing changes; `hidden`: the answer is given, and lacks it; `ignored`: what was
 * sent is taken, and this part of it has no effect.
 */
export type Verdict = 'yes' | 'hidden' | 'ignored' | ErrorCode;

export type Cells = Readonly<Record<Kind, Readonly<Partial<Record<Standing, Verdict>>>>>;

export function kindOf(room: { readonly type: RoomType; readonly public: boolean }): Kind {
  if (room.type === 'dm') return 'dm';
  return room.public ? 'public' : 'private';
}

/** undefined where there is no such thing in rooms of this kind. Who was removed is a stranger again. */
export function verdictOf(cells: Cells, kind: Kind, standing: Standing): Verdict | undefined {
  const found = cells[kind];
  return found[standing] ?? (standing === 'removed' ? found.stranger : undefined);
}
