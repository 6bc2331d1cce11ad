import type { RoomHandle } from '../../../../shared/sdk/types.ts';
import type { Message } from '../../../../shared/wire/rest.ts';
import { isBlank } from '../../../../shared/wire/visible.ts';
import type { Wishes } from '../chat/reactions.ts';
import { problemText } from '../chat/problems.ts';
import { nextFrame } from '../scroll/frame.ts';

interface Wish {
  readonly seq: number;
  readonly emoji: string;
  readonly on: boolean;
}
interface Editing {
  readonly seq: number;
  readonly before: string;
  /** Files stand in it: its text may go. */
  readonly hasFiles: boolean;
  readonly back: () => void;
}
type Edited = Pick<Message, 'seq' | 'text' | 'attachments'>;
type Changeable = Pick<RoomHandle, 'edit' | 'remove' | 'react'>;

/** What is being changed in one conversation, and what went wrong with it. Owned by the conversation. */
export class Changes {
  readonly #handle: Changeable;
  /** Ends when what was changed has been drawn. */
  readonly #drawn: () => Promise<void>;
  #editing: Editing | undefined = $state.raw();
  #problem: { readonly seq: number; readonly text: string } | undefined = $state.raw();
  #wishes: readonly Wish[] = $state.raw([]);
  #saving = $state(false);
  /** What stands in the editor: kept here, because a row that scrolls away is taken apart. */
  draft = $state('');

  constructor(handle: Changeable, drawn: () => Promise<void> = twoFrames) {
    this.#handle = handle;
    this.#drawn = drawn;
  }

  /** The seq of the message that is being edited. */
  get editing(): number | undefined {
    return this.#editing?.seq;
  }
  /** What stands in the editor could be saved, as far as its length goes. */
  get mayBeSaved(): boolean {
    return this.#editing?.hasFiles === true || !isBlank(this.draft);
  }
  get saving(): boolean {
    return this.#saving;
  }
  /** What went wrong last, if it was with this message. */
  problemOf(seq: number | undefined): string | undefined {
    return this.#problem?.seq === seq ? this.#problem?.text : undefined;
  }
  /** Reactions asked for and not answered yet, by emoji. */
  wishesFor(seq: number): Wishes {
    const wishes = this.#wishes.filter((wish) => wish.seq === seq);
    return Object.fromEntries(wishes.map(({ emoji, on }) => [emoji, on]));
  }

  /** Opens the editor; `back` puts the focus where it came from. */
  begin({ seq, text, attachments = [] }: Edited, back: () => void): void {
    if (this.#saving) return;
    this.#editing = { seq, before: text, hasFiles: attachments.length > 0, back };
    this.draft = text;
    this.dismiss();
  }

  cancel(): void {
    const { back } = this.#editing ?? {};
    this.#editing = undefined;
    this.dismiss();
    back?.();
  }

  /** Never rejects: what goes wrong is told beside the message, and the editor stays open with the text in it. */
  async save(): Promise<void> {
    const editing = this.#editing;
    const text = this.draft.trim();
    if (editing === undefined || this.#saving || !this.mayBeSaved) return;
    if (text === editing.before) return this.cancel();
    this.#saving = true;
    this.dismiss();
    try {
      await this.#handle.edit(editing.seq, text);
      await this.#drawn();
      this.cancel();
    } catch (error) {
      this.#fail(editing.seq, error);
    } finally {
      this.#saving = false;
    }
  }

  /** Rejects when it could not be deleted: the dialog that asked tells. */
  async remove(seq: number): Promise<void> {
    await this.#handle.remove(seq);
    if (this.#problem?.seq === seq) this.dismiss();
  }

  /** Shown at once, and undone where it fails. Of several quick clicks the last one counts. */
  react(seq: number, emoji: string, on: boolean): void {
    const isUnderWay = this.wishesFor(seq)[emoji] !== undefined;
    this.#wish(seq, emoji, on);
    if (this.#problem?.seq === seq) this.dismiss();
    if (!isUnderWay) void this.#fulfil(seq, emoji);
  }

  dismiss(): void {
    this.#problem = undefined;
  }

  async #fulfil(seq: number, emoji: string): Promise<void> {
    let done: boolean | undefined;
    try {
      for (;;) {
        const wish = this.wishesFor(seq)[emoji];
        if (wish === undefined || wish === done) return;
        await this.#handle.react(seq, emoji, wish);
        done = wish;
        await this.#drawn();
      }
    } catch (error) {
      this.#fail(seq, error);
    } finally {
      this.#wish(seq, emoji, undefined);
    }
  }

  #wish(seq: number, emoji: string, on: boolean | undefined): void {
    const others = this.#wishes.filter((wish) => wish.seq !== seq || wish.emoji !== emoji);
    this.#wishes = on === undefined ? others : [...others, { seq, emoji, on }];
  }

  #fail(seq: number, error: unknown): void {
    this.#problem = { seq, text: problemText(error) };
  }
}

/** The engine's news are drawn with the next frame; what stood in for them may go after it. */
async function twoFrames(): Promise<void> {
  for (let frames = 0; frames < 2; frames += 1) await new Promise<void>((resolve) => nextFrame(resolve));
}
