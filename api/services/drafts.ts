import type { Draft, DraftBody } from '../../shared/wire/rest.ts';
import type { DraftStore, DraftText, StoredDraft } from '../store/drafts.ts';
import type { ThreadDraftStore } from '../store/thread-drafts.ts';
import type { MembershipCache } from './membership.ts';
import type { Signals } from './signals.ts';
import type { Threads } from './threads/threads.ts';

/** Drafts a client gets, of rooms and of threads each: who has more has forgotten the others. */
const MAX_DRAFTS = 200;

export interface DraftDeps {
  readonly store: DraftStore;
  readonly threadStore: ThreadDraftStore;
  readonly threads: Pick<Threads, 'requireRoot'>;
  readonly members: Pick<MembershipCache, 'require'> & {
    /** The rooms among `rooms` that the user is in. */
    joined(user: string, rooms: readonly string[]): Promise<ReadonlySet<string>>;
  };
  readonly signals: Pick<Signals, 'draft'>;
}

/** What a user began to write in their rooms and threads, the same on all of their devices. */
export class Drafts {
  readonly #deps: DraftDeps;

  constructor(deps: DraftDeps) {
    this.#deps = deps;
  }

  /** Latest first, of rooms the user is in. */
  async of(user: string): Promise<Draft[]> {
    const { store, threadStore } = this.#deps;
    const found = await Promise.all([store.ofUser(user, MAX_DRAFTS), threadStore.ofUser(user, MAX_DRAFTS)]);
    const drafts = found.flat().sort((a, b) => b.at.getTime() - a.at.getTime());
    const mine = await this.#deps.members.joined(user, [...new Set(drafts.map(({ room }) => room))]);
    return drafts.filter(({ room }) => mine.has(room)).map(shown);
  }

  /** An empty text removes it. Rejects `not_found` where the user is not in the room, or no thread can be. */
  async set(user: string, room: string, { thread, ...text }: DraftBody): Promise<Draft> {
    const draft = shown(
      thread === undefined
        ? await this.#setInRoom(user, room, text)
        : await this.#setInThread(user, room, thread, text),
    );
    await this.#deps.signals.draft(user, draft);
    return draft;
  }

  async #setInRoom(user: string, room: string, text: DraftText): Promise<StoredDraft> {
    await this.#deps.members.require(user, room);
    return this.#deps.store.set(user, room, text);
  }

  async #setInThread(user: string, room: string, root: number, text: DraftText): Promise<StoredDraft> {
    const thread = await this.#deps.threads.requireRoot(user, room, root);
    return this.#deps.threadStore.set({ user, room, thread }, text, MAX_DRAFTS);
  }
}

const shown = ({ at, ...draft }: StoredDraft): Draft => ({ ...draft, at: at.toISOString() });
