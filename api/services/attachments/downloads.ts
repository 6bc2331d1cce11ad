import { notFound, ParleyError } from '../../../shared/node/errors.ts';
import type { AttachmentStore, StoredAttachment } from '../../store/attachments.ts';
import type { FileStore } from '../../store/files.ts';
import type { MembershipCache } from '../membership.ts';
import { bodyOf } from './shares.ts';

/** Each holds one piece of a file. */
const MAX_UNDERWAY = 400;
const THUMB_TYPE = 'image/webp';

/** A file, or its small picture, that somebody may have. */
export interface Download {
  /** Names these bytes for ever: they never change. */
  readonly etag: string;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  /** Both inclusive. Throws `overloaded`. */
  read(start: number, end: number): AsyncIterable<Buffer>;
}

/** Gives files to members of their rooms, and what is not sent yet to who uploaded it. */
export class Downloads {
  readonly #store: Pick<AttachmentStore, 'byIds'>;
  readonly #files: Pick<FileStore, 'read'>;
  readonly #membership: Pick<MembershipCache, 'get'>;
  readonly #onBytes: (bytes: number) => void;
  #underway = 0;

  constructor(deps: {
    readonly store: Pick<AttachmentStore, 'byIds'>;
    readonly files: Pick<FileStore, 'read'>;
    readonly membership: Pick<MembershipCache, 'get'>;
    readonly onBytes: (bytes: number) => void;
  }) {
    this.#store = deps.store;
    this.#files = deps.files;
    this.#membership = deps.membership;
    this.#onBytes = deps.onBytes;
  }

  get underway(): number {
    return this.#underway;
  }

  /** Rejects `not_found`, which is also what strangers are told. */
  async open(user: string, id: string, thumb: boolean): Promise<Download> {
    const [found] = await this.#store.byIds([id]);
    if (found?.state !== 'ready' || !(await this.#mayRead(user, found))) throw notFound('file');
    const { name, type = '', size = 0, thumbSize } = found;
    const body = bodyOf(found);
    if (!thumb) return { etag: `"${id}"`, name, type, size, read: (from, to) => this.#read(body, from, to) };
    if (thumbSize === undefined) throw notFound('small picture');
    const read = (from: number, to: number) => this.#read(found.thumb, from, to);
    return { etag: `"${id}-thumb"`, name: `${name}.webp`, type: THUMB_TYPE, size: thumbSize, read };
  }

  async #mayRead(user: string, { room, owner, claim }: StoredAttachment): Promise<boolean> {
    if (claim === undefined && owner !== user) return false;
    return (await this.#membership.get(user, room)) !== undefined;
  }

  async *#read(id: string, start: number, end: number): AsyncGenerator<Buffer> {
    if (this.#underway >= MAX_UNDERWAY)
      throw new ParleyError('overloaded', 'Too many files are being read.', { retryAfterMs: 2_000 });
    this.#underway += 1;
    try {
      for await (const piece of this.#files.read(id, start, end)) {
        this.#onBytes(piece.length);
        yield piece;
      }
    } finally {
      this.#underway -= 1;
    }
  }
}
