import { ParleyError } from '../../shared/node/errors.ts';
import type { Logger } from '../../shared/node/logger.ts';
import type { ScheduledStore, StoredScheduled } from '../store/scheduled.ts';
import type { Sends } from './sends.ts';
import type { Signals } from './signals.ts';

/** ms between two looks, give or take a quarter. */
const INTERVAL = 1_000;
/** Messages of one look. */
const BATCH = 50;
/** ms a message is this node's to send; another takes it when this one died. Above what a send may take. */
const CLAIM = 15_000;
/** ms to the next try after one that may still succeed. */
const RETRY = 5_000;

export interface ScheduledSenderDeps {
  readonly store: ScheduledStore;
  readonly sends: Pick<Sends, 'send'>;
  readonly signals: Pick<Signals, 'scheduled'>;
  readonly logger: Logger;
}

/**
 * Sends what is due, on every node: a message is claimed first, and its clientId makes it stand in the room once even
 * where a node died between sending and removing it.
 */
export class ScheduledSender {
  readonly #deps: ScheduledSenderDeps;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #closed = false;

  constructor(deps: ScheduledSenderDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#arm();
  }

  /** Ends what is under way. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** One look. Never rejects. */
  async step(): Promise<void> {
    try {
      for (const message of await this.#deps.store.due(new Date(), BATCH)) {
        if (this.#closed) return;
        await this.#take(message);
      }
    } catch (error) {
      this.#deps.logger.warn({ err: error }, 'scheduled messages could not be looked for');
    }
  }

  #arm(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(
      () => {
        this.#running = this.step().finally(() => this.#arm());
      },
      INTERVAL * (0.75 + Math.random() / 2),
    ).unref();
  }

  async #take(message: StoredScheduled): Promise<void> {
    const { store, sends, signals, logger } = this.#deps;
    const claimed = await store.change(message, { due: new Date(Date.now() + CLAIM), claimed: true });
    // Another node was faster, or its writer changed it.
    if (claimed === undefined) return;
    const { user, room, clientId, text, replyTo, thread } = claimed;
    try {
      const draft = {
        ...{ clientId, text },
        ...(replyTo === undefined ? {} : { replyTo }),
        ...(thread === undefined ? {} : { thread }),
      };
      await sends.send(user, room, draft, 'rest');
    } catch (error) {
      const reason = finalReason(error);
      if (reason === undefined) {
        await store.change(claimed, { due: new Date(Date.now() + RETRY), claimed: false });
        return;
      }
      logger.info({ scheduled: claimed.id, reason }, 'a scheduled message was given up');
      await store.fail(claimed, reason);
      await signals.scheduled(user);
      return;
    }
    await store.delete(claimed);
    await signals.scheduled(user);
  }
}

/** Why trying again is in vain; undefined where it is not. */
function finalReason(error: unknown): string | undefined {
  if (!(error instanceof ParleyError)) return undefined;
  const retried = ['overloaded', 'unavailable', 'rate_limited'];
  return retried.includes(error.code) ? undefined : error.message;
}
