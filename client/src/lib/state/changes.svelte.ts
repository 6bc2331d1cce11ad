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
interface Problem {
  readonly seq: number;
  readonly text: string;
  /** Reactions that were not taken, to be asked for again. */
  readonly wishes: readonly Wish[];
}
/** What went wrong and was not seen to: of more, the oldest goes. */
const MAX_PROBLEMS = 20;
type Edited = Pick<Message, 'seq' | 'text' | 'attachments'>;
type Changeable = Pick<RoomHandle, 'edit' | 'remove' | 'react'>;

/** What is being changed in one conversation, and what went wrong with it. Owned by the conversation. */
export class Changes {
  readonly #handle: Changeable;
  /** Ends when what was changed has been drawn. */
  readonly #drawn: () => Promise<void>;
  #editing: Editing | undefined = $state.raw();
  #problems: readonly Problem[] = $state.raw([]);
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
  /** What went wrong last with this message. */
  problemOf(seq: number | undefined): string | undefined {
    return this.#problem(seq)?.text;
  }
  /** Whether what went wrong can be tried again by itself. */
  mayTryAgain(seq: number): boolean {
    return this.#failedFor(seq).length > 0;
  }
  /** Reactions asked for and not answered yet, by emoji. */
  wishesFor(seq: number): Wishes {
    const wishes = this.#wishes.filter((wish) => wish.seq === seq);
    return Object.fromEntries(wishes.map(({ emoji, on }) => [emoji, on]));
  }

  /** Whether something of that is not answered yet. */
  isWished(seq: number): boolean {
    return this.#wishes.some((wish) => wish.seq === seq);
  }

  /** Opens the editor; `back` puts the focus where it came from. */
  begin({ seq, text, attachments = [] }: Edited, back: () => void): void {
    if (this.#saving) return;
    this.#editing = { seq, before: text, hasFiles: attachments.length > 0, back };
    this.draft = text;
    this.dismiss(seq);
  }

  cancel(): void {
    const editing = this.#editing;
    this.#editing = undefined;
    if (editing === undefined) return;
    this.dismiss(editing.seq);
    editing.back();
  }

  /** Never rejects: what goes wrong is told beside the message, and the editor stays open with the text in it. */
  async save(): Promise<void> {
    const editing = this.#editing;
    const text = this.draft.trim();
    if (editing === undefined || this.#saving || !this.mayBeSaved) return;
    if (text === editing.before) return this.cancel();
    this.#saving = true;
    this.dismiss(editing.seq);
    try {
      await this.#handle.edit(editing.seq, text);
      await this.#drawn();
      this.cancel();
    } catch (error) {
      this.#tell({ seq: editing.seq, text: problemText(error), wishes: [] });
    } finally {
      this.#saving = false;
    }
  }

  /** Rejects when it could not be deleted: the dialog that asked tells. */
  async remove(seq: number): Promise<void> {
    await this.#handle.remove(seq);
    this.dismiss(seq);
  }

  /** Shown at once, and undone where it fails. Of several quick clicks the last one counts. */
  react(seq: number, emoji: string, on: boolean): void {
    const isUnderWay = this.wishesFor(seq)[emoji] !== undefined;
    this.#wish(seq, emoji, on);
    this.#settle(seq, emoji);
    if (!isUnderWay) void this.#fulfil(seq, emoji);
  }

  /** The reactions to this message that were not taken, as they were wanted last. */
  again(seq: number): void {
    for (const { emoji, on } of this.#failedFor(seq)) this.react(seq, emoji, on);
  }

  dismiss(seq: number): void {
    this.#problems = this.#problems.filter((problem) => problem.seq !== seq);
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
      const wishes = [...this.#failedFor(seq), { seq, emoji, on: this.wishesFor(seq)[emoji] ?? true }];
      const emojis = wishes.map((wish) => wish.emoji).join(' ');
      this.#tell({ seq, text: `Your reaction ${emojis} was not saved. ${problemText(error)}`, wishes });
    } finally {
      this.#wish(seq, emoji, undefined);
    }
  }

  #problem(seq: number | undefined): Problem | undefined {
    return this.#problems.find((problem) => problem.seq === seq);
  }
  #failedFor(seq: number): readonly Wish[] {
    return this.#problem(seq)?.wishes ?? [];
  }

  /** Of what went wrong with a message, only other reactions still count. */
  #settle(seq: number, emoji: string): void {
    const problem = this.#problem(seq);
    if (problem === undefined) return;
    const wishes = problem.wishes.filter((wish) => wish.emoji !== emoji);
    if (wishes.length === 0) this.dismiss(seq);
    else this.#tell({ ...problem, wishes });
  }

  #wish(seq: number, emoji: string, on: boolean | undefined): void {
    const others = this.#wishes.filter((wish) => wish.seq !== seq || wish.emoji !== emoji);
    this.#wishes = on === undefined ? others : [...others, { seq, emoji, on }];
  }

  #tell(problem: Problem): void {
    const others = this.#problems.filter(({ seq }) => seq !== problem.seq);
    this.#problems = [...others, problem].slice(-MAX_PROBLEMS);
  }
}

/** The engine's news are drawn with the next frame; what stood in for them may go after it. */
async function twoFrames(): Promise<void> {
  for (let frames = 0; frames < 2; frames += 1) await new Promise<void>((resolve) => nextFrame(resolve));
}
