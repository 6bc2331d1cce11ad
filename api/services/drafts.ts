import type { Draft, DraftBody } from '../../shared/wire/rest.ts';
import type { DraftStore, StoredDraft } from '../store/drafts.ts';
import type { MembershipCache } from './membership.ts';
import type { Signals } from './signals.ts';

/** Drafts a client gets: who has more has forgotten the others. */
const MAX_DRAFTS = 200;

export interface DraftDeps {
  readonly store: DraftStore;
  readonly members: Pick<MembershipCache, 'require'> & {
    /** The rooms among `rooms` that the user is in. */
    joined(user: string, rooms: readonly string[]): Promise<ReadonlySet<string>>;
  };
  readonly signals: Pick<Signals, 'draft'>;
}

/** What a user began to write in their rooms, the same on all of their devices. */
export class Drafts {
  readonly #deps: DraftDeps;

  constructor(deps: DraftDeps) {
    this.#deps = deps;
  }

  /** Latest first, of rooms the user is in. */
  async of(user: string): Promise<Draft[]> {
    const drafts = await this.#deps.store.ofUser(user, MAX_DRAFTS);
    const mine = await this.#deps.members.joined(
      user,
      drafts.map(({ room }) => room),
    );
    return drafts.filter(({ room }) => mine.has(room)).map(shown);
  }

  /** An empty text removes it. Rejects `not_found` where the user is not in the room. */
  async set(user: string, room: string, body: DraftBody): Promise<Draft> {
    await this.#deps.members.require(user, room);
    const draft = shown(await this.#deps.store.set(user, room, body));
    await this.#deps.signals.draft(user, draft);
    return draft;
  }
}

const shown = ({ at, ...draft }: StoredDraft): Draft => ({ ...draft, at: at.toISOString() });
