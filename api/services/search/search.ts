import { ParleyError } from '../../../shared/node/errors.ts';
import type { Message, SearchResults } from '../../../shared/wire/rest.ts';
import { fits as isAskedFor, type Feature } from '../../../shared/wire/search.ts';
import type { LogEntry } from '../../store/log.ts';
import type { MemberStore, StoredMember } from '../../store/members.ts';
import type { Hit, Place, SearchFilter, SearchStore } from '../../store/search.ts';
import type { LogReader } from '../log/reader.ts';
import type { MembershipCache } from '../membership.ts';
import type { Patience } from '../patience.ts';
import type { Users } from '../users.ts';
import { Asking } from './asking.ts';
import { placeOf, toCursor } from './place.ts';
import { isExact, parseQuery, termsOf } from './query.ts';
import { MARK } from './rows.ts';
import { inTurns } from './turns.ts';

/** Rooms searched: of more, those joined last. */
const MAX_ROOMS = 5_000;
/** Messages read at once where the index cannot judge the whole query. */
const CANDIDATES = 400;
/** Times that is done for one page: where phrases fit few of the messages that have all their words, it stays short. */
const MAX_LOOKS = 4;
/** ms for one search altogether. */
const DEADLINE = 2_500;
/** Searches under way at once on this node, and of one user: who types on need not wait for what they typed before. */
const MAX_UNDERWAY = 16;
const MAX_OF_USER = 4;
const ID = /^[0-9a-f]{24}$/;

export interface SearchRequest {
  /** None: all that the other filters let through. */
  readonly q?: string | undefined;
  /** The word at the end of `q` may be only the beginning of one. */
  readonly prefix?: boolean | undefined;
  readonly room?: string | undefined;
  /** A user, by id or username. */
  readonly from?: string | undefined;
  readonly after?: Date | undefined;
  readonly before?: Date | undefined;
  readonly has?: readonly Feature[] | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface SearchDeps {
  readonly store: Pick<SearchStore, 'find' | 'count'>;
  readonly members: Pick<MemberStore, 'ofUser'>;
  readonly membership: Pick<MembershipCache, 'require'>;
  readonly users: Pick<Users, 'resolve'>;
  readonly reader: Pick<LogReader, 'among'>;
  readonly patience: Pick<Patience, 'ask'>;
  readonly present: (entries: readonly LogEntry[]) => Promise<Message[]>;
}

export interface MentionRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Judges a message as it now stands. */
type Fits = (entry: LogEntry) => boolean;

interface Found {
  readonly entries: readonly LogEntry[];
  readonly end: Place | undefined;
}

/**
 * Finds messages in the rooms a user is in at that moment. The index says where to look; what is shown, and whether it
 * still fits, is read from the log.
 */
export class Search {
  readonly #deps: SearchDeps;
  /** User → searches under way. */
  readonly #underway = new Map<string, number>();

  constructor(deps: SearchDeps) {
    this.#deps = deps;
  }

  /** Newest first. Rejects `not_found` (room, user), `invalid` (cursor), `overloaded` or `unavailable`. */
  find(user: string, request: SearchRequest): Promise<SearchResults> {
    return this.#deps.patience.ask(() =>
      this.#admit(user, (deadline) =>
        request.prefix === true
          ? this.#findTyped(user, request, deadline)
          : this.#find(user, request, deadline),
      ),
    );
  }

  /** What others said that names the user, or everybody in a room since they came. Newest first; rejects as `find` does. */
  mentions(user: string, request: MentionRequest): Promise<SearchResults> {
    return this.#deps.patience.ask(() =>
      this.#admit(user, (deadline) => this.#findMentions(user, request, deadline)),
    );
  }

  /** What was given up on still counts until it has ended. */
  async #admit(user: string, find: (deadline: number) => Promise<SearchResults>): Promise<SearchResults> {
    const mine = this.#underway.get(user) ?? 0;
    const all = [...this.#underway.values()].reduce((sum, count) => sum + count, 0);
    if (mine >= MAX_OF_USER || all >= MAX_UNDERWAY)
      throw new ParleyError('overloaded', 'Too many searches are under way.', { retryAfterMs: 1_000 });
    this.#underway.set(user, mine + 1);
    try {
      return await find(performance.now() + DEADLINE);
    } finally {
      const left = (this.#underway.get(user) ?? 1) - 1;
      if (left > 0) this.#underway.set(user, left);
      else this.#underway.delete(user);
    }
  }

  /** A beginning may stand for very many words: where that takes too long, it is taken for a word. */
  async #findTyped(user: string, request: SearchRequest, deadline: number): Promise<SearchResults> {
    try {
      return await this.#find(user, request, deadline - DEADLINE / 2);
    } catch (error) {
      if (!(error instanceof ParleyError) || error.code !== 'overloaded') throw error;
      return this.#find(user, { ...request, prefix: false }, deadline);
    }
  }

  async #find(user: string, request: SearchRequest, deadline: number): Promise<SearchResults> {
    const plan = parseQuery(request.q ?? '', request.prefix);
    const behind = request.cursor === undefined ? undefined : placeOf(request.cursor);
    const rooms = await this.#rooms(user, request.room);
    const sender = request.from === undefined ? undefined : await this.#sender(request.from);
    const { after, before, has = [], limit } = request;
    const { all: words, none, beginning } = termsOf(plan);
    const all = [...words, ...(sender === undefined ? [] : [MARK.from(sender)]), ...has.map(MARK.has)];
    // Nothing but punctuation and exclusions: there is nothing to look for.
    if ((all.length === 0 && beginning === undefined) || rooms.length === 0) return { results: [] };
    const filter = { all, beginning, none, rooms, sender, after, before, has, behind };
    const fits: Fits = (entry) => entry.deletedAt === undefined && isAskedFor(entry, plan, has);
    return this.#answer(await this.#collect(filter, fits, isExact(plan), limit, deadline));
  }

  async #findMentions(user: string, request: MentionRequest, deadline: number): Promise<SearchResults> {
    const behind = request.cursor === undefined ? undefined : placeOf(request.cursor);
    const memberships = await this.#memberships(user);
    if (memberships.length === 0) return { results: [] };
    const joined = new Map(memberships.map(({ room, joinedSeq }) => [room, joinedSeq]));
    const any = [MARK.mention(user), MARK.mention('room')];
    const filter = { all: [], any, none: [], rooms: [...joined.keys()], has: [], behind };
    const fits: Fits = (entry) => namesUser(entry, user, joined.get(entry.room) ?? 0);
    return this.#answer(await this.#collect(filter, fits, false, request.limit, deadline));
  }

  async #answer({ entries, end }: Found): Promise<SearchResults> {
    return {
      results: await this.#deps.present(entries),
      ...(end === undefined ? {} : { next: toCursor(end) }),
    };
  }

  /** The first `limit` that fit; `end`: the place behind which there may be more. */
  async #collect(
    filter: SearchFilter,
    fits: Fits,
    isExactly: boolean,
    limit: number,
    deadline: number,
  ): Promise<Found> {
    const asking = new Asking(this.#deps.store, filter, deadline);
    const entries: LogEntry[] = [];
    let hits: readonly Hit[] = [];
    let isAll = false;
    let end = filter.behind;
    for (let look = 0; look < MAX_LOOKS; look++) {
      const left = limit - entries.length;
      const count = isExactly ? left : Math.max(left, CANDIDATES);
      if (hits.length <= count && !isAll) {
        // Mostly one look does; where not, all that may still be read is asked for at once: the index reads as much for less.
        const wanted = 1 + (look === 0 ? count : count * (MAX_LOOKS - look)) - hits.length;
        const more = await asking.next(wanted).catch((error: unknown) => {
          // What is found already is an answer, too.
          if (look > 0 && error instanceof ParleyError && error.code === 'overloaded') return undefined;
          throw error;
        });
        if (more === undefined) break;
        isAll = more.length < wanted;
        hits = [...hits, ...more];
      }
      const fitting = await this.#fitting(hits.slice(0, count), fits);
      entries.push(...fitting.slice(0, left));
      const last = entries.at(-1);
      if (fitting.length > left && last !== undefined) return { entries, end: last };
      if (hits.length <= count) return { entries, end: undefined };
      end = hits[count - 1];
      hits = hits.slice(count);
      if (entries.length === limit) break;
    }
    return { entries, end };
  }

  /** Those the user is in now. */
  async #rooms(user: string, room: string | undefined): Promise<readonly string[]> {
    if (room === undefined) {
      return (await this.#memberships(user)).map((member) => member.room);
    }
    await this.#deps.membership.require(user, room);
    return [room];
  }

  async #memberships(user: string): Promise<readonly StoredMember[]> {
    const memberships = await this.#deps.members.ofUser(user);
    if (memberships.length > MAX_ROOMS) memberships.sort((a, b) => (a.id < b.id ? 1 : -1));
    return memberships.slice(0, MAX_ROOMS);
  }

  /** Ids as they are: what deleted users wrote can be found, too. */
  async #sender(ref: string): Promise<string | undefined> {
    return ID.test(ref) ? ref : (await this.#deps.users.resolve([ref]))[0]?.id;
  }

  /** The messages of these hits as they now stand, in the same order; not those that were deleted or say something else by now. */
  async #fitting(hits: readonly Hit[], fits: Fits): Promise<LogEntry[]> {
    const entries = await this.#deps.reader.among(hits);
    const byId = new Map(entries.map((entry) => [entry.id, entry]));
    const fitting = await inTurns(hits, ({ id }) => {
      const entry = byId.get(id);
      return entry !== undefined && fits(entry) ? [entry] : [];
    });
    return fitting.flat();
  }
}

function namesUser(entry: LogEntry, user: string, joinedSeq: number): boolean {
  if (entry.deletedAt !== undefined || entry.sender === user) return false;
  const mentions = entry.mentions ?? [];
  return mentions.includes(user) || (mentions.includes('room') && entry.seq > joinedSeq);
}
