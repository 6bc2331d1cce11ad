import type { RoomHandle } from '../../../../shared/sdk/types.ts';
import type { Attachment } from '../../../../shared/wire/rest.ts';
import { kindOf, type AttachmentKind } from '../chat/attachments.ts';
import { codeOf, problemText } from '../chat/problems.ts';

/** Trying the same again cannot help with these. */
const FINAL: ReadonlySet<string | undefined> = new Set([
  'too_large',
  'unsupported_type',
  'invalid',
  'forbidden',
]);

/** One file on its way up: waiting, under way, there, or failed with a reason. */
export class Upload {
  readonly file: File;
  readonly kind: AttachmentKind;
  /** A picture of it, from this machine. */
  readonly preview: string | undefined;
  #state: 'waiting' | 'sending' | 'done' | 'failed' = $state('waiting');
  #sent = $state(0);
  #problem: string | undefined = $state();
  #final = $state(false);
  #attachment: Attachment | undefined;
  #stop = new AbortController();

  constructor(file: File) {
    this.file = file;
    this.kind = kindOf(file);
    this.preview = this.kind === 'image' ? URL.createObjectURL(file) : undefined;
  }

  get state(): 'waiting' | 'sending' | 'done' | 'failed' {
    return this.#state;
  }
  /** From 0 to 1. */
  get progress(): number {
    return this.#state === 'done' ? 1 : this.#sent / Math.max(1, this.file.size);
  }
  get problem(): string | undefined {
    return this.#problem;
  }
  get mayRetry(): boolean {
    return this.#state === 'failed' && !this.#final;
  }
  get attachment(): Attachment | undefined {
    return this.#attachment;
  }

  /** Failures stand in `problem`. */
  async run(handle: RoomHandle): Promise<void> {
    const stop = new AbortController();
    this.#stop = stop;
    this.#state = 'sending';
    this.#sent = 0;
    this.#problem = undefined;
    try {
      this.#attachment = await handle.upload(this.file, {
        name: this.file.name,
        signal: stop.signal,
        onProgress: (sent) => (this.#sent = sent),
      });
      this.#state = 'done';
    } catch (error) {
      if (stop.signal.aborted) return;
      this.#final = FINAL.has(codeOf(error));
      this.#problem = problemText(error);
      this.#state = 'failed';
    }
  }

  again(): void {
    if (this.mayRetry) this.#state = 'waiting';
  }

  /** Given up, or taken: nothing of it is kept. */
  end(): void {
    this.#stop.abort();
    if (this.preview !== undefined) URL.revokeObjectURL(this.preview);
  }
}
