import type { Message } from '../../shared/wire/rest.ts';
import type { Row } from './evidence.ts';

/** What the judge compares of a message. Equal ones are one object as long as one `Rows` made them, to save memory. */
export class Rows {
  readonly #known = new Map<string, Row>();

  of(message: Message): Row {
    const row = toRow(message);
    const key = `${message.room} ${row.id} ${row.rev}`;
    const known = this.#known.get(key);
    if (known !== undefined && known.clientId === row.clientId && isSame(known, row)) return known;
    if (known === undefined) this.#known.set(key, row);
    return row;
  }
}

function toRow(message: Message): Row {
  const { seq, id, kind, sender, text, clientId, rev } = message;
  return {
    ...{ seq, id, kind, sender: sender.id, text, rev },
    ...(clientId === undefined ? {} : { clientId }),
    isEdited: message.editedAt !== undefined,
    isDeleted: message.deletedAt !== undefined,
    reactions: Object.entries(message.reactions ?? {})
      .flatMap(([emoji, { users }]) => users.map((user) => `${emoji} ${user}`))
      .sort()
      .join(),
  };
}

/** Whether two rows tell the same of the same message. */
export function isSame(a: Row, b: Row): boolean {
  return (
    a.seq === b.seq &&
    a.id === b.id &&
    a.kind === b.kind &&
    a.sender === b.sender &&
    a.text === b.text &&
    a.rev === b.rev &&
    a.isEdited === b.isEdited &&
    a.isDeleted === b.isDeleted &&
    a.reactions === b.reactions
  );
}
