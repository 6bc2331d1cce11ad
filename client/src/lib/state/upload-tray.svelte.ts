import type { RoomHandle } from '../../../../shared/sdk/types.ts';
import type { Attachment } from '../../../../shared/wire/rest.ts';
import { admit } from '../chat/upload-limits.ts';
import type { ServerLimits } from './server-limits.ts';
import { Upload } from './upload.svelte.ts';

/** Files on their way up at a time. */
const PARALLEL = 2;

/** The files that are to go with the next message of one room. */
export class UploadTray {
  readonly #handle: RoomHandle;
  readonly #limits: Pick<ServerLimits, 'maxBytes'>;
  #uploads: readonly Upload[] = $state.raw([]);
  #problems: readonly string[] = $state.raw([]);

  constructor(handle: RoomHandle, limits: Pick<ServerLimits, 'maxBytes'>) {
    this.#handle = handle;
    this.#limits = limits;
  }

  get uploads(): readonly Upload[] {
    return this.#uploads;
  }
  /** Why the last files chosen were not taken. */
  get problems(): readonly string[] {
    return this.#problems;
  }
  get isEmpty(): boolean {
    return this.#uploads.length === 0;
  }
  /** Why the message cannot be sent yet; undefined when nothing stands in its way. */
  get obstacle(): string | undefined {
    if (this.#uploads.some(({ state }) => state === 'failed'))
      return 'A file was not uploaded. Try again or remove it.';
    if (this.#uploads.some(({ state }) => state !== 'done')) return 'Files are still being uploaded.';
    return undefined;
  }

  add(files: readonly File[]): void {
    if (files.length === 0) return;
    const { taken, problems } = admit(files, this.#uploads.length, this.#limits.maxBytes);
    this.#problems = problems;
    this.#uploads = [...this.#uploads, ...taken.map((file) => new Upload(file))];
    this.#pump();
  }

  remove(upload: Upload): void {
    upload.end();
    this.#uploads = this.#uploads.filter((other) => other !== upload);
    this.#problems = [];
    this.#pump();
  }

  retry(upload: Upload): void {
    upload.again();
    this.#pump();
  }

  /** What is there, for the message that is sent now; the tray is empty afterwards. */
  take(): readonly Attachment[] {
    const attachments = this.#uploads.flatMap(({ attachment }) => attachment ?? []);
    this.clear();
    return attachments;
  }

  clear(): void {
    for (const upload of this.#uploads) upload.end();
    this.#uploads = [];
    this.#problems = [];
  }

  #pump(): void {
    const sending = this.#uploads.filter(({ state }) => state === 'sending').length;
    const waiting = this.#uploads.filter(({ state }) => state === 'waiting');
    for (const upload of waiting.slice(0, Math.max(0, PARALLEL - sending))) {
      void upload.run(this.#handle).then(() => {
        this.#pump();
      });
    }
  }
}
