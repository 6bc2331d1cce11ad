import { notFound, ParleyError } from '../../../shared/node/errors.ts';
import { isMessage, type ChangeAction, type LogEntry, type LogStore } from '../../store/log.ts';
import { type Appender } from './append.ts';
import { Outrun } from './draft.ts';
import { applyChange } from './apply-change.ts';
import { keyOf, type Follower } from './follower.ts';

/** Tries before a caller is told to come again: each lost one means that another node changed the same message. */
const MAX_ATTEMPTS = 12;
/** Changes of one message that may wait on this node: more than are made in the time anybody waits for an answer. */
const MAX_WAITING = 500;

/** What is wanted of a message as it stands: an action, or undefined when it is so already. Throws to refuse. */
export type Decide = (message: LogEntry) => ChangeAction | undefined;

/**
 * Changes messages: edits, deletes, reactions. Exactly one change follows each state of a message, judged by the unique
 * index (room, of, prev); who loses goes again on the new state.
 */
export class Changes {
  readonly #store: Pick<LogStore, 'at'>;
  readonly #appender: Pick<Appender, 'appendChange'>;
  readonly #follower: Follower;
  /** The last change of each message on its way on this node: those of one node wait in line instead of racing. */
  readonly #lines = new Map<string, { readonly last: Promise<unknown>; readonly waiting: number }>();

  constructor(deps: {
    readonly store: Pick<LogStore, 'at'>;
    readonly appender: Pick<Appender, 'appendChange'>;
    readonly follower: Follower;
  }) {
    this.#store = deps.store;
    this.#appender = deps.appender;
    this.#follower = deps.follower;
  }

  /** Gives the message as it stands afterwards. Rejects `not_found`, what `decide` throws, `overloaded` or `unavailable`. */
  async change(room: string, seq: number, by: string, decide: Decide): Promise<LogEntry> {
    const key = keyOf(room, seq);
    const before = this.#lines.get(key);
    const waiting = (before?.waiting ?? 0) + 1;
    if (waiting > MAX_WAITING) throw tooFast();
    const turn = (before?.last ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => this.#inTurn(room, seq, by, decide));
    this.#lines.set(key, { last: turn, waiting });
    try {
      return await turn;
    } finally {
      this.#leave(key, turn);
    }
  }

  #leave(key: string, turn: Promise<unknown>): void {
    const line = this.#lines.get(key);
    if (line?.last === turn) this.#lines.delete(key);
    else if (line !== undefined) this.#lines.set(key, { ...line, waiting: line.waiting - 1 });
  }

  async #inTurn(room: string, seq: number, by: string, decide: Decide): Promise<LogEntry> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const message = await this.#read(room, seq);
      const action = decide(message);
      if (action === undefined) return message;
      const changed = await this.#try(message, by, action);
      if (changed !== undefined) return changed;
    }
    throw tooFast();
  }

  /** undefined when another change followed this state of the message first. */
  async #try(message: LogEntry, by: string, action: ChangeAction): Promise<LogEntry | undefined> {
    const keepsText = action.type === 'edit' || action.type === 'delete';
    try {
      const change = await this.#appender.appendChange({
        room: message.room,
        kind: 'change',
        of: message.seq,
        prev: message.rev,
        by,
        action,
        ...(keepsText && message.text !== undefined ? { was: message.text } : {}),
        // Whoever makes the message follow lets go of its files first.
        ...(action.type === 'delete' && message.attachments !== undefined
          ? { attachments: message.attachments }
          : {}),
      });
      // Our own action: where the row was only found later, a delete may have blanked its text by now.
      return applyChange(message, { ...change, action });
    } catch (error) {
      if (error instanceof Outrun) return undefined;
      throw error;
    }
  }

  async #read(room: string, seq: number): Promise<LogEntry> {
    // A change whose node died counts, whether its message has followed or not.
    await this.#follower.catchUp([room]);
    const [entry] = await this.#store.at(room, [seq]);
    if (entry === undefined || !isMessage(entry)) throw notFound('message');
    return entry;
  }
}

const tooFast = (): ParleyError =>
  new ParleyError('overloaded', 'This message changes too fast at the moment.', { retryAfterMs: 1_000 });
