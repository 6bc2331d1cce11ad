import type { MessageDraft } from '../../shared/wire/protocol.ts';
import { notFound, ParleyError } from '../../shared/node/errors.ts';
import { isMessage, type LogEntry, type LogStore } from '../store/log.ts';
import type { Appended, Appender, Draft } from './log/append.ts';

/** Who may write where; the membership cache implements it. */
export interface Senders {
  /** Rejects `not_found` where the user is not in the room. */
  require(user: string, room: string): Promise<unknown>;
}

/** One message from a member, over REST or the socket: checked, then appended. */
export class Sends {
  readonly #appender: Pick<Appender, 'append'>;
  readonly #senders: Senders;
  readonly #store: Pick<LogStore, 'at'>;

  constructor(deps: {
    readonly appender: Pick<Appender, 'append'>;
    readonly senders: Senders;
    readonly store: Pick<LogStore, 'at'>;
  }) {
    this.#appender = deps.appender;
    this.#senders = deps.senders;
    this.#store = deps.store;
  }

  /** Rejects `not_found` (room, quoted message, attachment), `overloaded` or `unavailable`. */
  async send(user: string, room: string, draft: MessageDraft): Promise<Appended> {
    await this.#senders.require(user, room);
    await this.#checkReferences(room, draft);
    if ((draft.attachments ?? []).length > 0) throw notFound('attachment');
    return this.#appender.append(toDraft(user, room, draft));
  }

  async #checkReferences(room: string, draft: MessageDraft): Promise<void> {
    const seqs = [draft.replyTo, draft.thread].filter((seq) => seq !== undefined);
    if (seqs.length === 0) return;
    const found = new Map(
      (await this.#store.at(room, seqs)).filter(isMessage).map((entry) => [entry.seq, entry]),
    );
    if (seqs.some((seq) => !found.has(seq))) throw notFound('message to reply to');
    if (draft.thread !== undefined) checkRoot(found.get(draft.thread));
  }
}

function checkRoot(root: LogEntry | undefined): void {
  if (root?.thread !== undefined)
    throw new ParleyError('invalid', 'A thread starts at a message outside threads.');
}

function toDraft(sender: string, room: string, draft: MessageDraft): Draft {
  return {
    room,
    kind: 'text',
    sender,
    clientId: draft.clientId,
    text: draft.text,
    ...(draft.replyTo === undefined ? {} : { replyTo: draft.replyTo }),
    ...(draft.thread === undefined ? {} : { thread: draft.thread }),
    ...(draft.after === undefined ? {} : { after: draft.after }),
  };
}
