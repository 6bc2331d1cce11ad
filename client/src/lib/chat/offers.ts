import type { UserSummary } from '../../../../shared/wire/rest.ts';
import { commandQuery, type Command } from './commands.ts';
import { emojiQuery } from './emoji-names.ts';
import { mentionQuery } from './mentions.ts';

/** What is being typed that can be completed. */
export interface Query {
  readonly kind: 'people' | 'emojis' | 'commands';
  /** Where its first character stands: `@`, `:` or `/`. */
  readonly from: number;
  /** What follows it, up to the cursor. */
  readonly text: string;
  /** A name behind a command means anybody, not only who is here. */
  readonly ofAnybody?: boolean;
}

/** One way to complete it; `words` takes the place of what was typed. */
export type Offer =
  | { readonly kind: 'person'; readonly key: string; readonly words: string; readonly user: UserSummary }
  | { readonly kind: 'room'; readonly key: string; readonly words: string }
  | { readonly kind: 'emoji'; readonly key: string; readonly words: string; readonly name: string }
  | { readonly kind: 'command'; readonly key: string; readonly words: string; readonly command: Command };

const ABOUT_PEOPLE = /^\/(?:invite|dm)\s/iu;

/** What is being typed at `caret`; undefined where there is nothing to complete. Pure. */
export function queryAt(text: string, caret: number, hasCommands: boolean): Query | undefined {
  const command = hasCommands ? commandQuery(text, caret) : undefined;
  if (command !== undefined) return { kind: 'commands', from: 0, text: command };
  const emoji = emojiQuery(text, caret);
  if (emoji !== undefined) return { kind: 'emojis', ...emoji };
  const name = mentionQuery(text, caret);
  if (name === undefined) return undefined;
  return { kind: 'people', ...name, ...(hasCommands && ABOUT_PEOPLE.test(text) ? { ofAnybody: true } : {}) };
}
