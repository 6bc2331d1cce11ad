import { notFound } from '../../../shared/node/errors.ts';
import type { Attachment } from '../../../shared/wire/rest.ts';
import type { AttachmentStore } from '../../store/attachments.ts';
import { presentAttachment } from './present.ts';
import { inMs, UNSENT } from './times.ts';

/**
 * Makes files a message's own before it is stored. Nothing follows once it is: a sweep finds out by the clientId whether
 * the message stands, so that no death in between loses a file or keeps one for ever.
 */
export class Claims {
  readonly #store: Pick<AttachmentStore, 'byIds' | 'claim'>;

  constructor(store: Pick<AttachmentStore, 'byIds' | 'claim'>) {
    this.#store = store;
  }

  /** In the order of `ids`. Rejects `not_found` unless all are the sender's, in this room, and in no other message. */
  async claim(
    sender: string,
    room: string,
    clientId: string,
    ids: readonly string[],
  ): Promise<readonly Attachment[]> {
    const found = new Map((await this.#store.byIds(ids)).map((one) => [one.id, one]));
    const own = ids.map((id) => {
      const one = found.get(id);
      const isFree = one?.claim === undefined || one.claim === clientId;
      if (one?.state !== 'ready' || one.owner !== sender || one.room !== room || !isFree)
        throw notFound('attachment');
      return presentAttachment(one);
    });
    if ((await this.#store.claim(ids, clientId, inMs(UNSENT))) !== ids.length) throw notFound('attachment');
    return own;
  }
}
