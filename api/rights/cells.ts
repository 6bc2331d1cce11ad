/** The patterns that most rows of the table follow. */
import type { Cells, Verdict } from './standings.ts';

type Groups = Readonly<Record<'stranger' | 'member' | 'admin' | 'owner', Verdict>>;
type Dm = Readonly<Record<'stranger' | 'member' | 'blocked', Verdict>>;

/** The same in private rooms and public channels. */
export const cells = (groups: Groups, dm: Dm | Record<never, never> = {}): Cells => ({
  private: groups,
  public: groups,
  dm,
});

const ALL_IN = { member: 'yes', admin: 'yes', owner: 'yes' } as const;
const TO_NOBODY = { stranger: 'not_found' } as const;
const inDm = (stranger: Verdict): Dm => ({ stranger, member: 'yes', blocked: 'yes' });

/** Who is in the room, blocked or not. */
export const MEMBERS = cells({ ...TO_NOBODY, ...ALL_IN }, inDm('not_found'));
/** Lists over all of one's rooms: those one is not in are not in them. */
export const SHOWN_TO_MEMBERS = cells({ stranger: 'hidden', ...ALL_IN }, inDm('hidden'));
/** Frames that are never answered. */
export const HEEDED_OF_MEMBERS = cells({ stranger: 'ignored', ...ALL_IN }, inDm('ignored'));
/** What the others read. */
export const WRITERS: Cells = {
  ...MEMBERS,
  dm: { stranger: 'not_found', member: 'yes', blocked: 'forbidden' },
};

const FIXED_DM: Dm = { stranger: 'not_found', member: 'conflict', blocked: 'conflict' };
export const MANAGERS = cells({ ...TO_NOBODY, member: 'forbidden', admin: 'yes', owner: 'yes' }, FIXED_DM);
export const OWNER = cells({ ...TO_NOBODY, member: 'forbidden', admin: 'forbidden', owner: 'yes' }, FIXED_DM);
/** Who is in, where the room is one that people come and go in. */
export const MEMBERS_OF_GROUPS = cells({ ...TO_NOBODY, ...ALL_IN }, FIXED_DM);

/** The same verdict for everybody who is in the room; `not_found` for others. */
export const allIn = (verdict: Verdict, blocked: Verdict = verdict): Cells =>
  cells(
    { ...TO_NOBODY, member: verdict, admin: verdict, owner: verdict },
    { stranger: 'not_found', member: verdict, blocked },
  );
