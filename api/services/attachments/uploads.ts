import type { Readable } from 'node:stream';
import { mongo } from 'mongoose';
import { ParleyError, unavailable } from '../../../shared/node/errors.ts';
import type { Logger } from '../../../shared/node/logger.ts';
import type { Attachment } from '../../../shared/wire/rest.ts';
import type { AttachmentStore, FileFacts, NewAttachment } from '../../store/attachments.ts';
import type { FileStore } from '../../store/files.ts';
import type { Senders } from '../sends.ts';
import { allowanceOf, type Allowance, type FileLimits } from './allowance.ts';
import { Intake, type IntakePatience } from './intake.ts';
import type { Pictures } from './pictures.ts';
import { presentAttachment } from './present.ts';
import { sniff, UNKNOWN_TYPE } from './sniff.ts';
import { AGAIN, inMs, LEASE, RENEWAL, UNSENT } from './times.ts';

/** Uploads under way on one node, and of one user on all of them. */
const MAX_UNDERWAY = 64;
const MAX_OF_USER = 5;

/** What is said of a file before its bytes come. */
export interface UploadRequest {
  readonly room: string;
  readonly name: string;
  /** Of sound, as its sender measured it: seconds, and loudness over time. */
  readonly duration?: number;
  readonly waveform?: readonly number[];
}
export type UploadOutcome = 'stored' | 'too_large' | 'broken' | 'failed';
export interface UploadObserver {
  uploaded(outcome: UploadOutcome): void;
  received(bytes: number): void;
}
export interface UploadDeps {
  readonly store: AttachmentStore;
  readonly files: FileStore;
  readonly pictures: Pick<Pictures, 'takes' | 'look'>;
  readonly senders: Senders;
  readonly logger: Logger;
  readonly observer: UploadObserver;
  readonly limits: FileLimits;
  readonly patience?: IntakePatience;
}

/** Takes files in. Each has a record before its first byte is stored, under a lease that ends by itself where a node dies. */
export class Uploads {
  readonly #deps: UploadDeps;
  readonly #underway = new Set<AbortController>();
  #closed = false;

  constructor(deps: UploadDeps) {
    this.#deps = deps;
  }

  get underway(): number {
    return this.#underway.size;
  }

  /** `announced`: bytes to come, where that is known. Rejects as `Intake` does, `not_found` (room), `forbidden` (as for a send), `too_large`, `quota_exceeded`, `rate_limited`, `overloaded`. */
  async receive(user: string, request: UploadRequest, body: Readable, announced = 0): Promise<Attachment> {
    await this.#deps.senders.requireWriter(user, request.room);
    const allowance = await this.#allowance(user);
    if (announced > allowance.limit) throw allowance.refusal;
    if (this.#underway.size >= MAX_UNDERWAY)
      throw new ParleyError('overloaded', 'Too many uploads are under way.', { retryAfterMs: 2_000 });
    const control = new AbortController();
    this.#underway.add(control);
    if (this.#closed) control.abort(unavailable('This node'));
    try {
      return await this.#receive(user, request, allowance, body, control);
    } finally {
      this.#underway.delete(control);
    }
  }

  /** Ends what is under way: its senders try again, elsewhere. */
  close(): void {
    this.#closed = true;
    for (const control of this.#underway) control.abort(unavailable('This node'));
  }

  async #allowance(user: string): Promise<Allowance> {
    const { limits, store } = this.#deps;
    return allowanceOf(limits, limits.quota === 0 ? 0 : await store.used(user));
  }

  async #receive(
    owner: string,
    request: UploadRequest,
    allowance: Allowance,
    body: Readable,
    control: AbortController,
  ): Promise<Attachment> {
    const { store, observer } = this.#deps;
    const { room, name } = request;
    const upload: NewAttachment = { id: newId(), thumb: newId(), owner, room, name };
    await store.begin(upload, inMs(LEASE));
    const lease = setInterval(() => void this.#renew(upload.id, control), RENEWAL);
    try {
      if ((await store.underway(owner, new Date())) > MAX_OF_USER)
        throw new ParleyError('rate_limited', 'Too many uploads at once.', { retryAfterMs: 2_000 });
      const facts = await this.#take(upload, request, body, { ...allowance, signal: control.signal });
      if (!(await store.finish(upload.id, facts, inMs(UNSENT)))) throw unavailable('The upload');
      observer.uploaded('stored');
      return presentAttachment({ ...upload, ...facts, state: 'ready' });
    } catch (error) {
      observer.uploaded(outcomeOf(error));
      await this.#abandon(upload);
      throw error;
    } finally {
      clearInterval(lease);
    }
  }

  async #take(
    upload: NewAttachment,
    { duration, waveform }: UploadRequest,
    body: Readable,
    bounds: Allowance & { readonly signal: AbortSignal },
  ): Promise<FileFacts> {
    const { files, patience, observer } = this.#deps;
    const onBytes = (bytes: number): void => observer.received(bytes);
    const times = patience === undefined ? {} : { patience };
    const intake = new Intake(body, { ...bounds, onBytes, ...times });
    const size = await files.write(upload.id, upload.name, intake.pieces());
    if (size === 0) throw new ParleyError('invalid', 'The file is empty.');
    const type = sniff(intake.head);
    if (type.startsWith('image/')) return this.#picture(upload, type, size);
    if (!type.startsWith('audio/')) return { type, size };
    const heard = {
      ...(duration === undefined ? {} : { duration }),
      ...(waveform === undefined ? {} : { waveform }),
    };
    return { type, size, ...heard };
  }

  /** What only begins like a picture that browsers show is kept as a plain file. */
  async #picture({ id, thumb, name }: NewAttachment, type: string, size: number): Promise<FileFacts> {
    const { files, pictures } = this.#deps;
    if (!pictures.takes(type, size)) return { type: isShown(type) ? UNKNOWN_TYPE : type, size };
    const picture = await pictures.look(type, () => wholeFile(files.read(id, 0, size - 1)));
    if (picture === undefined) return { type: UNKNOWN_TYPE, size };
    const thumbSize = await files.write(thumb, name, [picture.thumb]);
    return { type, size, width: picture.width, height: picture.height, thumbSize };
  }

  async #renew(id: string, control: AbortController): Promise<void> {
    try {
      if (!(await this.#deps.store.renew(id, inMs(LEASE)))) control.abort(unavailable('The upload'));
    } catch (error) {
      this.#deps.logger.debug({ err: error }, 'the lease of an upload was not renewed this time');
    }
  }

  /** Nothing is kept; where that fails now, a sweep does it. */
  async #abandon({ id, thumb }: NewAttachment): Promise<void> {
    const { store, files, logger } = this.#deps;
    try {
      await store.forget([id], inMs(AGAIN));
      await files.remove([id, thumb]);
    } catch (error) {
      logger.warn({ err: error }, 'an upload that failed is left to the sweep');
    }
  }
}

const newId = (): string => new mongo.ObjectId().toHexString();
/** What browsers show as a picture, and so must be one. */
const isShown = (type: string): boolean => !/^image\/(svg\+xml|heic|tiff|bmp)$/.test(type);

async function wholeFile(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const piece of pieces) parts.push(piece);
  return Buffer.concat(parts);
}

function outcomeOf(error: unknown): UploadOutcome {
  if (!(error instanceof ParleyError)) return 'failed';
  if (error.code === 'too_large' || error.code === 'quota_exceeded') return 'too_large';
  return error.code === 'invalid' ? 'broken' : 'failed';
}
