import { ROOM_ALIASES } from '../../../../shared/wire/mentions.ts';
import { fittingCommands } from '../chat/commands.ts';
import { closedEmoji, emojiNamed, fittingEmojis } from '../chat/emoji-names.ts';
import { queryAt, type Offer, type Query } from '../chat/offers.ts';
import { completion, type TextEdit } from '../chat/text-edit.ts';
import type { App } from './app.svelte.ts';
import type { Conversation } from './conversation.svelte.ts';
import { PeopleOffers } from './people-offers.svelte.ts';

/** What can be offered for the text that is being written in one field. Owned by the list of offers, which stops it. */
export class Completion {
  readonly #app: App;
  readonly #conversation: Conversation;
  readonly #people: PeopleOffers;
  readonly #hasCommands: boolean;
  #query: Query | undefined = $state.raw();
  #active = $state(0);
  /** Put away by Escape, until something else is begun. */
  #dismissed: number | undefined;

  readonly offers: readonly Offer[] = $derived.by(() => this.#offersFor(this.#query));

  constructor(app: App, conversation: Conversation, hasCommands: boolean) {
    this.#app = app;
    this.#conversation = conversation;
    this.#hasCommands = hasCommands;
    this.#people = new PeopleOffers(app, conversation);
  }

  get kind(): Query['kind'] | undefined {
    return this.offers.length > 0 ? this.#query?.kind : undefined;
  }
  get active(): number {
    return Math.min(this.#active, this.offers.length - 1);
  }
  get isOpen(): boolean {
    return this.offers.length > 0;
  }

  /** The text changed, or the cursor moved. */
  look(text: string, caret: number): void {
    const found = queryAt(text, caret, this.#hasCommands);
    if (found?.kind === 'people' && ROOM_ALIASES.has(found.text)) return this.close();
    if (found !== undefined && found.from === this.#dismissed) return;
    this.#dismissed = undefined;
    const before = this.#query;
    if (found?.text !== before?.text || found?.kind !== before?.kind) this.#active = 0;
    this.#query = found;
    if (found?.kind === 'people') this.#people.look(found, before?.kind !== 'people');
    if (found?.kind === 'emojis') void this.#app.emojiNames.load();
  }

  /** Until something else is begun. */
  close(): void {
    this.#dismissed = this.#query?.from;
    this.#query = undefined;
  }
  /** The field was left. */
  leave(): void {
    this.#query = undefined;
  }
  move(step: 1 | -1): void {
    const count = this.offers.length;
    this.#active = (this.active + step + count) % count;
  }

  /** Whether the offer is what stands there already. */
  isTyped(text: string, caret: number): boolean {
    const { from = 0 } = this.#query ?? {};
    return this.offers[this.active]?.words === text.slice(from, caret);
  }

  /** The change that takes an offer. */
  take(index: number, text: string): TextEdit | undefined {
    const [query, offer] = [this.#query, this.offers[index]];
    if (query === undefined || offer === undefined) return undefined;
    this.#query = undefined;
    return completion(text, query.from, query.from + 1 + query.text.length, offer.words);
  }

  /** The change for a name that was just closed, as in `:tada:`; undefined where none was, or nothing is called so. */
  async closed(text: string, caret: number): Promise<TextEdit | undefined> {
    const found = closedEmoji(text, caret);
    if (found === undefined) return undefined;
    await this.#app.emojiNames.load();
    const words = emojiNamed(this.#app.emojiNames.all, found.text);
    if (words === undefined) return undefined;
    const to = found.from + words.length;
    return { from: found.from, to: caret, words, select: [to, to] };
  }

  stop(): void {
    this.#people.stop();
  }

  #offersFor(query: Query | undefined): readonly Offer[] {
    if (query === undefined) return [];
    if (query.kind === 'people') return this.#people.for(query);
    if (query.kind === 'commands') {
      const isRoom = this.#conversation.info?.type !== 'dm';
      return fittingCommands(query.text, isRoom).map((command) => ({
        kind: 'command',
        key: command.name,
        words: `/${command.name}`,
        command,
      }));
    }
    const { emojiNames, emojis } = this.#app;
    return fittingEmojis(emojiNames.all, query.text, emojis.used).map(({ emoji, name }) => ({
      kind: 'emoji',
      key: emoji,
      words: emoji,
      name,
    }));
  }
}
