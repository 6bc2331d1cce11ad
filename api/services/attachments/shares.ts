import { createHash } from 'node:crypto';
import { notFound } from '../../../shared/node/errors.ts';
import type { Attachment } from '../../../shared/wire/rest.ts';
import type { AttachmentStore, NewShare, StoredAttachment } from '../../store/attachments.ts';
import { quotaExceeded } from './allowance.ts';
import { presentAttachment } from './present.ts';
import { inMs, UNSENT } from './times.ts';

/** Characters of an id. */
const ID_LENGTH = 24;

/** A message to be, into which files of another one go. */
export interface Receiver {
  readonly sender: string;
  readonly room: string;
  readonly clientId: string;
}
type Store = Pick<AttachmentStore, 'byIds' | 'claim' | 'share' | 'used'>;

/**
 * Puts the files of a message into another one: each gets a record of its own there, over the same bytes. As with claims,
 * nothing follows once the message is stored: a sweep finds out by the clientId whether it stands.
 */
export class Shares {
  readonly #store: Store;
  readonly #quota: number;

  constructor(store: Store, quota: number) {
    this.#store = store;
    this.#quota = quota;
  }

  /** Those of `files` that are still here, in their order. Rejects `not_found` where one goes at this moment, `quota_exceeded`. */
  async share(files: readonly Attachment[], to: Receiver): Promise<readonly Attachment[]> {
    const sources = await this.#ready(files.map(({ id }) => id));
    if (sources.length === 0) return [];
    await this.#requireSpace(to.sender, sources);
    const shares = sources.map((source) => toShare(source, to));
    const until = inMs(UNSENT);
    const added = await this.#store.share(shares, to.clientId, until);
    // Of an attempt before this one: they wait anew, unless they are being swept.
    const ids = shares.map(({ id }) => id);
    if (added < ids.length && (await this.#store.claim(ids, to.clientId, until)) < ids.length)
      throw notFound('file');
    // Added first, looked at after. A sweep lets a record go first and looks for others after: one of the two sees the other.
    if ((await this.#ready(sources.map(({ id }) => id))).length < sources.length) throw notFound('file');
    return shares.map((share) => presentAttachment({ ...share, state: 'ready' }));
  }

  async #ready(ids: readonly string[]): Promise<readonly Ready[]> {
    const found = new Map((await this.#store.byIds(ids)).filter(isReady).map((one) => [one.id, one]));
    return ids.flatMap((id) => found.get(id) ?? []);
  }

  /** Who sends a file on has it as well: it counts for them, once however often they do. */
  async #requireSpace(user: string, sources: readonly Ready[]): Promise<void> {
    if (this.#quota === 0) return;
    const sizes = new Map(sources.map((source) => [bodyOf(source), source.size]));
    const more = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    if ((await this.#store.used(user, [...sizes.keys()])) + more > this.#quota)
      throw quotaExceeded(this.#quota);
  }
}

type Ready = StoredAttachment & Pick<NewShare, 'type' | 'size'>;
const isReady = (one: StoredAttachment): one is Ready =>
  one.state === 'ready' && one.type !== undefined && one.size !== undefined;

/** The id under which the bytes of a file lie. */
export const bodyOf = ({ id, body }: Pick<StoredAttachment, 'id' | 'body'>): string => body ?? id;

function toShare(source: Ready, { sender, room, clientId }: Receiver): NewShare {
  const { state: _s, claim: _c, sweepAt: _a, ...facts } = source;
  return {
    ...facts,
    id: idFor(source.id, { sender, room, clientId }),
    body: bodyOf(source),
    owner: sender,
    room,
  };
}

/** The same for every attempt to send the same message, on whatever node. */
function idFor(source: string, { sender, room, clientId }: Receiver): string {
  const key = JSON.stringify([room, sender, clientId, source]);
  return createHash('sha256').update(key).digest('hex').slice(0, ID_LENGTH);
}
