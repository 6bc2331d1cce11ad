import type { ForwardRef, MessageDraft } from '../../shared/wire/protocol.ts';
import type { Attachment } from '../../shared/wire/rest.ts';
import { notFound, ParleyError } from '../../shared/node/errors.ts';
import type { LogEntry, LogStore } from '../store/log.ts';
import type { Claims } from './attachments/claims.ts';
import type { Shares } from './attachments/shares.ts';
import type { Appender } from './log/append.ts';
import type { Appended, Draft } from './log/draft.ts';
import type { Mentions } from './mentions.ts';
import type { Journal } from '../../shared/node/journal.ts';
import { UNOBSERVED, type Observer, type SendOutcome } from './observer.ts';
import type { Patience } from './patience.ts';
import { checkReferences } from './references.ts';

/** Who may write where; the membership cache implements it. */
export interface Senders {
  /** Rejects `not_found` where the user is not in the room, `forbidden` where the other side blocked them. */
  requireWriter(user: string, room: string): Promise<unknown>;
  /** Rejects `not_found` where the user is not in the room. */
  require(user: string, room: string): Promise<unknown>;
}

/** Over REST, or the socket of the gateway named. */
export type Via = 'rest' | `socket ${string}`;

/** One message from a member, over REST or the socket: checked, then appended. */
export class Sends {
  readonly #appender: Pick<Appender, 'append'>;
  readonly #senders: Senders;
  readonly #store: Pick<LogStore, 'at' | 'bySender'>;
  readonly #patience: Pick<Patience, 'ask'>;
  readonly #observer: Pick<Observer, 'sent'>;
  readonly #journal: Pick<Journal, 'note'>;
  readonly #mentions: Pick<Mentions, 'find'> | undefined;
  readonly #onReply: (reply: LogEntry, root: LogEntry) => void;
  readonly #claims: Pick<Claims, 'claim'>;
  readonly #shares: Pick<Shares, 'share'>;

  constructor(deps: {
    readonly appender: Pick<Appender, 'append'>;
    readonly senders: Senders;
    readonly store: Pick<LogStore, 'at' | 'bySender'>;
    readonly journal: Pick<Journal, 'note'>;
    readonly mentions?: Pick<Mentions, 'find'>;
    readonly claims: Pick<Claims, 'claim'>;
    readonly shares: Pick<Shares, 'share'>;
    readonly patience: Pick<Patience, 'ask'>;
    readonly observer?: Pick<Observer, 'sent'>;
    /** A reply stands in a thread. */
    readonly onReply?: (reply: LogEntry, root: LogEntry) => void;
  }) {
    this.#appender = deps.appender;
    this.#senders = deps.senders;
    this.#store = deps.store;
    this.#journal = deps.journal;
    this.#mentions = deps.mentions;
    this.#claims = deps.claims;
    this.#shares = deps.shares;
    this.#patience = deps.patience;
    this.#observer = deps.observer ?? UNOBSERVED;
    this.#onReply = deps.onReply ?? (() => undefined);
  }

  /** `via`: how it came. Rejects `not_found` (room, quoted message, attachment), `quota_exceeded`, `overloaded` or `unavailable`. */
  async send(user: string, room: string, draft: MessageDraft, via: Via): Promise<Appended> {
    const since = performance.now();
    let outcome: SendOutcome = 'unavailable';
    try {
      const appended = await this.#patience.ask(() => this.#send(user, room, draft, via));
      outcome = appended.created ? 'created' : 'repeated';
      return appended;
    } catch (error) {
      if (error instanceof ParleyError) outcome = error.code;
      throw error;
    } finally {
      this.#observer.sent(via === 'rest' ? 'rest' : 'socket', outcome, performance.now() - since);
    }
  }

  async #send(user: string, room: string, draft: MessageDraft, via: Via): Promise<Appended> {
    await this.#senders.requireWriter(user, room);
    const refers = draft.replyTo !== undefined || draft.thread !== undefined;
    const root = refers ? await checkReferences(this.#store, room, draft) : undefined;
    const { forward, attachments = [] } = draft;
    // A retry finds its message also where the original is gone since.
    const known = forward === undefined ? undefined : await this.#store.bySender(room, user, draft.clientId);
    if (known !== undefined) return { entry: known, created: false };
    const forwarded = forward === undefined ? undefined : await this.#forwarded(user, forward);
    const mentions = draft.text.includes('@')
      ? await this.#mentions?.find(user, room, draft.text)
      : undefined;
    const message = toDraft(user, room, draft, { mentions, forwarded });
    const appended = await this.#append(message, attachments, forwarded?.attachments);
    if (appended.created) this.#journal.note(room, via, appended.entry.seq);
    if (appended.created && root !== undefined) this.#onReply(appended.entry, root);
    return appended;
  }

  #append(
    message: Draft,
    own: readonly string[],
    forwarded: readonly Attachment[] | undefined,
  ): Promise<Appended> {
    if (forwarded !== undefined) return this.#appendForwarded(message, forwarded);
    return own.length > 0 ? this.#appendWithFiles(message, own) : this.#appender.append(message);
  }

  async #appendWithFiles(message: Draft, ids: readonly string[]): Promise<Appended> {
    const { sender, room, clientId = '' } = message;
    try {
      const attachments = await this.#claims.claim(sender, room, clientId, ids);
      return await this.#appender.append({ ...message, attachments });
    } catch (error) {
      if (!(error instanceof ParleyError) || error.code !== 'not_found') throw error;
      // A retry of what was deleted since: its files are gone, its place is not.
      const entry = await this.#store.bySender(room, sender, clientId);
      if (entry === undefined) throw error;
      return { entry, created: false };
    }
  }

  async #appendForwarded(message: Draft, files: readonly Attachment[]): Promise<Appended> {
    const { sender, room, clientId = '' } = message;
    const attachments = await this.#shares.share(files, { sender, room, clientId });
    if (attachments.length === 0 && message.text === '') throw notFound('file to forward');
    return this.#appender.append(attachments.length === 0 ? message : { ...message, attachments });
  }

  /** The message as it now stands, where the sender may read it. */
  async #forwarded(user: string, { room, seq }: ForwardRef): Promise<LogEntry> {
    await this.#senders.require(user, room);
    const [entry] = await this.#store.at(room, [seq]);
    if (entry?.kind !== 'text' || entry.deletedAt !== undefined) throw notFound('message to forward');
    return entry;
  }
}

function toDraft(
  sender: string,
  room: string,
  draft: MessageDraft,
  found: { readonly mentions: readonly string[] | undefined; readonly forwarded: LogEntry | undefined },
): Draft {
  const { mentions, forwarded } = found;
  return {
    room,
    kind: 'text',
    sender,
    clientId: draft.clientId,
    text: forwarded?.text ?? draft.text,
    ...(forwarded === undefined ? {} : { forwardedFrom: forwarded.forwardedFrom ?? forwarded.sender ?? '' }),
    ...(draft.replyTo === undefined ? {} : { replyTo: draft.replyTo }),
    ...(draft.thread === undefined ? {} : { thread: draft.thread }),
    ...(mentions === undefined ? {} : { mentions }),
    ...(draft.after === undefined ? {} : { after: draft.after }),
  };
}
