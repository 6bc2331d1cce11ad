import type { UserSummary } from '../../../../shared/wire/rest.ts';
import { fitting, recentSpeakers } from '../chat/mentions.ts';
import type { Offer, Query } from '../chat/offers.ts';
import type { App } from './app.svelte.ts';
import type { Conversation } from './conversation.svelte.ts';
import { Search } from './search.svelte.ts';

const OFFERED = 8;

/** Whom an `@name` may mean: who is in the conversation, then who is found on the server. Owned by the completion. */
export class PeopleOffers {
  readonly #app: App;
  readonly #conversation: Conversation;
  readonly #others: Search<UserSummary>;

  constructor(app: App, conversation: Conversation) {
    this.#app = app;
    this.#conversation = conversation;
    this.#others = new Search((text) => (text === '' ? Promise.resolve([]) : app.client.searchUsers(text)));
  }

  /** Asks for what is not known here. */
  look({ text, ofAnybody = false }: Query, isBegun: boolean): void {
    if (isBegun && !this.#isDm) this.#conversation.loadMembers();
    if (ofAnybody || (!this.#isDm && !this.#knowsAll)) this.#others.query = text;
  }

  for({ text, ofAnybody = false }: Query): readonly Offer[] {
    if (this.#isDm && !ofAnybody) return [];
    const { members, timeline } = this.#conversation;
    const here = members.map(({ user }) => user);
    const known = here.map(({ id }) => id);
    const asks = ofAnybody || !this.#knowsAll;
    const strangers = asks ? this.#others.results.filter(({ id }) => !known.includes(id)) : [];
    const recent = recentSpeakers(timeline.items.slice(-200).map(({ message }) => message.sender.id));
    const people = [strangers, here].map((some) => fitting(some, text, recent));
    const inOrder = ofAnybody ? people.flat() : people.toReversed().flat();
    const offers = inOrder
      .filter(({ id, username }) => id !== this.#app.meId && username !== 'deleted')
      .slice(0, OFFERED)
      .map((user): Offer => ({ kind: 'person', key: user.id, words: `@${user.username}`, user }));
    const room: Offer = { kind: 'room', key: 'room', words: '@room' };
    return !ofAnybody && 'room'.startsWith(text) ? [...offers, room] : offers;
  }

  stop(): void {
    this.#others.stop();
  }

  get #isDm(): boolean {
    return this.#conversation.info?.type === 'dm';
  }
  get #knowsAll(): boolean {
    const { info, members } = this.#conversation;
    return info !== undefined && members.length >= info.members;
  }
}
