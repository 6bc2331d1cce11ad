import type { Logger } from '../../../shared/node/logger.ts';
import type { AttachmentStore, StoredAttachment } from '../../store/attachments.ts';
import type { FileStore } from '../../store/files.ts';
import type { LogStore } from '../../store/log.ts';
import { realTime, type Time } from '../log/time.ts';
import type { Lease } from '../search/lease.ts';
import { bodyOf } from './shares.ts';
import { AGAIN, inMs } from './times.ts';

/** ms between two looks, give or take a quarter, so that nodes do not look in step. */
const INTERVAL = 10_000;
/** Files looked at in one go. */
const MAX_FILES = 100;

export interface SweeperDeps {
  readonly store: Pick<AttachmentStore, 'due' | 'settle' | 'retire' | 'isReached' | 'remove'>;
  readonly files: Pick<FileStore, 'remove'>;
  readonly log: Pick<LogStore, 'bySender'>;
  readonly lease: Lease;
  readonly logger: Logger;
  readonly onSwept: (files: number) => void;
  readonly time?: Time;
}

/**
 * Removes files that nobody can reach: broken uploads, what was never sent, what was deleted. Bytes go with the last record
 * that leads to them. Each step can be repeated.
 */
export class Sweeper {
  readonly #deps: SweeperDeps;
  readonly #time: Time;
  #closed = false;
  #cancel: () => void = () => undefined;
  #running: Promise<void> | undefined;

  constructor(deps: SweeperDeps) {
    this.#deps = deps;
    this.#time = deps.time ?? realTime;
  }

  start(): void {
    if (this.#closed) return;
    const pause = INTERVAL * (0.75 + this.#time.random() / 2);
    this.#cancel = this.#time.after(pause, () => {
      this.#running = this.#step().then(() => this.start());
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel();
    await this.#running;
    await this.#deps.lease.release();
  }

  /** Looks at what is due, at most MAX_FILES; gives how many those were. */
  async sweep(): Promise<number> {
    const due = await this.#deps.store.due(new Date(), MAX_FILES);
    for (const attachment of due) {
      if (this.#closed) break;
      // One that cannot be removed must not keep the others.
      await this.#look(attachment).catch((error: unknown) =>
        this.#deps.logger.warn({ err: error, file: attachment.id }, 'a file could not be swept this time'),
      );
    }
    return due.length;
  }

  async #step(): Promise<void> {
    try {
      while (!this.#closed && (await this.#deps.lease.hold())) if ((await this.sweep()) < MAX_FILES) break;
    } catch (error) {
      this.#deps.logger.warn({ err: error }, 'files could not be swept this time');
    }
  }

  async #look(attachment: StoredAttachment): Promise<void> {
    const { store, files, onSwept } = this.#deps;
    const { id, thumb, state } = attachment;
    if (state === 'ready' && (await this.#stands(attachment))) return store.settle(id);
    if (!(await store.retire(id, new Date(), inMs(AGAIN)))) return;
    // Gone first, looked around after: two records that go at the same time both find nobody else.
    const body = bodyOf(attachment);
    if (!(await store.isReached(body))) await files.remove([body, thumb]);
    // A node that lost its lease may have had a write on its way: one more look.
    if (state === 'uploading') return;
    await store.remove(id);
    onSwept(1);
  }

  async #stands({ id, room, owner, claim }: StoredAttachment): Promise<boolean> {
    if (claim === undefined) return false;
    const message = await this.#deps.log.bySender(room, owner, claim);
    return message?.attachments?.some((one) => one.id === id) ?? false;
  }
}
