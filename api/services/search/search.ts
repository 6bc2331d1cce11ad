import { each } from '../../../shared/node/each.ts';
import { ParleyError } from '../../../shared/node/errors.ts';
import type { Message, SearchResults } from '../../../shared/wire/rest.ts';
import type { LogEntry } from '../../store/log.ts';
import type { MemberStore, StoredMember } from '../../store/members.ts';
import type { Feature, Hit, Place, SearchFilter, SearchStore } from '../../store/search.ts';
import type { LogReader } from '../log/reader.ts';
import type { MembershipCache } from '../membership.ts';
import type { Patience } from '../patience.ts';
import type { Users } from '../users.ts';
import { placeOf, toCursor } from './place.ts';
import { isExact, matches, parseQuery, termsOf, type Plan } from './query.ts';
import { rarestFirst } from './rarest.ts';
import { features, MARK, searchable } from './rows.ts';
import { inTurns } from './turns.ts';
import { windowsOf } from './windows.ts';

/** Rooms one query asks about. */
const ROOMS_PER_QUERY = 1_000;
/** Rooms searched: of more, those joined last. */
const MAX_ROOMS = 5_000;
/** Looks into the index for one page: where phrases fit few of the messages that have all their words, the page stays short. */
const MAX_LOOKS = 4;
/** Messages read in one look where the index cannot judge the whole query. */
const CANDIDATES = 400;
/** ms for one search altogether. */
const DEADLINE = 2_500;
/** Searches under way at once on this node, and of one user: who types on need not wait for what they typed before. */
const MAX_UNDERWAY = 16;
const MAX_OF_USER = 4;
const CONCURRENCY = 2;
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
    const fits: Fits = (entry) => isFitting(entry, plan, has);
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
    const entries: LogEntry[] = [];
    let behind = filter.behind;
    for (let look = 0; look < MAX_LOOKS; look++) {
      const left = limit - entries.length;
      const count = isExactly ? left : Math.max(left, CANDIDATES);
      const hits = await this.#look({ ...filter, behind }, count + 1, deadline).catch((error: unknown) => {
        // What is found already is an answer, too.
        if (look > 0 && error instanceof ParleyError && error.code === 'overloaded') return undefined;
        throw error;
      });
      if (hits === undefined) break;
      const fitting = await this.#fitting(hits.slice(0, count), fits);
      entries.push(...fitting.slice(0, left));
      const last = entries.at(-1);
      if (fitting.length > left && last !== undefined) return { entries, end: last };
      if (hits.length <= count) return { entries, end: undefined };
      behind = hits[count - 1];
      if (entries.length === limit) break;
    }
    return { entries, end: behind };
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

  /** The first `limit` hits, newest first. */
  async #look(filter: SearchFilter, limit: number, deadline: number): Promise<readonly Hit[]> {
    const hits: Hit[] = [];
    const [recent, ...older] = windowsOf(filter, Date.now());
    for (const part of [recent, ...older]) {
      if (part === undefined) break;
      const ms = Math.max(1, Math.floor(deadline - performance.now()));
      const asked = part === recent ? part : await rarestFirst(this.#deps.store, part, ms);
      hits.push(...(await this.#query(asked, limit - hits.length, deadline)));
      if (hits.length >= limit) break;
    }
    return hits;
  }

  async #query(filter: SearchFilter, limit: number, deadline: number): Promise<readonly Hit[]> {
    const chunks: SearchFilter[] = [];
    for (let i = 0; i < filter.rooms.length; i += ROOMS_PER_QUERY)
      chunks.push({ ...filter, rooms: filter.rooms.slice(i, i + ROOMS_PER_QUERY) });
    const found = await each(chunks, CONCURRENCY, async (chunk) => {
      const ms = Math.floor(deadline - performance.now());
      if (ms < 1) throw new ParleyError('overloaded', 'The search took too long.', { retryAfterMs: 5_000 });
      return this.#deps.store.find(chunk, limit, ms);
    });
    return chunks.length < 2 ? found.flat() : found.flat().sort(newestFirst).slice(0, limit);
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

function isFitting(entry: LogEntry, plan: Plan, has: readonly Feature[]): boolean {
  if (entry.deletedAt !== undefined) return false;
  const held = has.length === 0 ? [] : features(entry);
  return has.every((one) => held.includes(one)) && matches(plan, searchable(entry));
}

function namesUser(entry: LogEntry, user: string, joinedSeq: number): boolean {
  if (entry.deletedAt !== undefined || entry.sender === user) return false;
  const mentions = entry.mentions ?? [];
  return mentions.includes(user) || (mentions.includes('room') && entry.seq > joinedSeq);
}

const newestFirst = (a: Place, b: Place): number => b.at.getTime() - a.at.getTime() || (a.id < b.id ? 1 : -1);
