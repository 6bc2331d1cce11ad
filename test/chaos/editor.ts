import type { Message } from '../../shared/wire/rest.ts';
import { codeOf, isOpen, type Account } from './account.ts';
import type { Change, ChangeKind } from './evidence.ts';
import type { History, Target } from './history.ts';
import { oneOf, type Random } from './random.ts';

const EMOJIS = ['👍', '🎉', '👀', '❤️', '🚀'] as const;
const RETRY_PAUSE = 300;
const DELETE_SHARE = 0.12;
const EDIT_SHARE = 0.4;

type Wish = Pick<Change, 'kind' | 'value'> & { readonly target: Target };

/**
 * Changes messages over REST, past the engine, so that the judge need not believe it: edits and deletes its user's own,
 * reacts to any. One after the other, each again until it is answered.
 */
export class Editor {
  readonly #account: Account;
  readonly #history: History;
  readonly #random: Random;
  readonly #isMember: (room: string) => boolean;
  readonly #reacted = new Set<string>();
  #count = 0;

  /** `isMember`: nobody takes the user out of this room. */
  constructor(account: Account, history: History, random: Random, isMember: (room: string) => boolean) {
    this.#account = account;
    this.#history = history;
    this.#random = random;
    this.#isMember = isMember;
  }

  /** One change, if there is anything to change; gives up, its outcome open, after `deadline` (performance.now). */
  async act(deadline: number): Promise<void> {
    const wish = this.#wish();
    if (wish === undefined) return;
    const { target, kind, value } = wish;
    const base = { room: target.room, seq: target.seq, by: this.#account.id, kind, value };
    const common = { ...base, isMember: this.#isMember(target.room) };
    this.#history.note(this.#account.username, `${kind} ${target.room} ${target.seq} ${value}`);
    for (let loose = 0; ; loose++) {
      const answer = await this.#ask(wish);
      if (answer?.status === 200) {
        const result = { name: 'done', rev: answer.body.rev, at: this.#history.now } as const;
        return this.#history.changed({ ...common, loose, result });
      }
      if (answer !== undefined && !isOpen(answer)) {
        return this.#history.changed({ ...common, loose, result: { name: 'refused', code: codeOf(answer) } });
      }
      if (performance.now() > deadline)
        return this.#history.changed({ ...common, loose: loose + 1, result: { name: 'open' } });
      await new Promise((resolve) => setTimeout(resolve, RETRY_PAUSE));
    }
  }

  #ask({ target, kind, value }: Wish) {
    const path = `/rooms/${target.room}/messages/${target.seq}`;
    const reaction = `${path}/reactions/${encodeURIComponent(value)}`;
    switch (kind) {
      case 'edit':
        return this.#account.try<Message>('PATCH', path, { text: value });
      case 'delete':
        return this.#account.try<Message>('DELETE', path);
      case 'react':
        return this.#account.try<Message>('PUT', reaction);
      case 'unreact':
        return this.#account.try<Message>('DELETE', reaction);
    }
  }

  #wish(): Wish | undefined {
    const dice = this.#random();
    if (dice > DELETE_SHARE + EDIT_SHARE) return this.#reaction();
    const own = this.#history.recent.filter(({ sender }) => sender === this.#account.id);
    if (own.length === 0) return undefined;
    const target = oneOf(this.#random, own);
    this.#count += 1;
    return dice < DELETE_SHARE
      ? { target, kind: 'delete', value: '' }
      : { target, kind: 'edit', value: `edit ${this.#count} by ${this.#account.username}` };
  }

  #reaction(): Wish | undefined {
    if (this.#history.recent.length === 0) return undefined;
    const target = oneOf(this.#random, this.#history.recent);
    const value = oneOf(this.#random, EMOJIS);
    const key = `${target.room} ${target.seq} ${value}`;
    const kind: ChangeKind = this.#reacted.delete(key) ? 'unreact' : 'react';
    if (kind === 'react') this.#reacted.add(key);
    if (this.#reacted.size > 1_000) this.#reacted.clear();
    return { target, kind, value };
  }
}
