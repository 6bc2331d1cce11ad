import type { Message } from '../../shared/wire/rest.ts';

export interface Sent {
  readonly room: string;
  readonly sender: string;
  readonly clientId: string;
  /** Messages of one lane are sent one after the other; `n` counts them. */
  readonly lane: string;
  readonly n: number;
}
export interface Acked {
  readonly room: string;
  readonly clientId: string;
  readonly seq: number;
}
export interface Refused {
  readonly clientId: string;
  readonly code: string;
}

/** What was sent and answered, and which message was seen under which number: evidence, gathered beneath any engine. */
export class Ledger {
  readonly sends = new Map<string, Sent>();
  readonly acks: Acked[] = [];
  /** Answers that said no for good. */
  readonly refusals: Refused[] = [];
  /** Numbers under which two sockets were shown different messages. */
  readonly conflicts = new Set<string>();
  readonly #shown = new Map<string, string>();

  sent(sent: Sent): void {
    this.sends.set(sent.clientId, sent);
  }

  acked(acked: Acked): void {
    this.acks.push(acked);
  }

  refused(refused: Refused): void {
    this.refusals.push(refused);
  }

  /** A message as some socket was shown it. */
  saw({ room, seq, id }: Pick<Message, 'room' | 'seq' | 'id'>): void {
    const key = `${room} ${seq}`;
    const before = this.#shown.get(key);
    if (before === undefined) this.#shown.set(key, id);
    else if (before !== id) this.conflicts.add(key);
  }

  /** The message shown under that number, if any was. */
  shown(room: string, seq: number): string | undefined {
    return this.#shown.get(`${room} ${seq}`);
  }
}
