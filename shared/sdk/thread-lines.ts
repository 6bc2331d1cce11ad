import type { LastReply, Message } from '../wire/rest.ts';

/** What stands below a root: one line instead of its replies. */
export interface ThreadLine extends LastReply {
  readonly replies: number;
}

/** People named in a line. */
const MAX_USERS = 5;

/**
 * The line of each root. Where everything from the root on is held (`from` and above), its replies are counted here, so that
 * each is counted once however it came; below, it is what the server counted. Lines that did not change stay the same objects.
 */
export function threadLines(
  messages: readonly Message[],
  from: number,
  before: ReadonlyMap<number, ThreadLine>,
): ReadonlyMap<number, ThreadLine> {
  const lines = new Map<number, ThreadLine>();
  for (const { seq, replies, lastReply } of messages)
    if (seq < from && replies !== undefined && lastReply !== undefined)
      lines.set(seq, { ...lastReply, replies });
  for (const message of messages) {
    const { thread } = message;
    if (thread === undefined || thread < from || message.deletedAt !== undefined) continue;
    lines.set(thread, longer(lines.get(thread), message));
  }
  for (const [root, line] of lines) {
    const known = before.get(root);
    if (known !== undefined && isSame(known, line)) lines.set(root, known);
  }
  return lines;
}

function longer(line: ThreadLine | undefined, { seq, at, sender }: Message): ThreadLine {
  const others = (line?.users ?? []).filter(({ id }) => id !== sender.id);
  return { seq, at, replies: (line?.replies ?? 0) + 1, users: [sender, ...others].slice(0, MAX_USERS) };
}

function isSame(a: ThreadLine, b: ThreadLine): boolean {
  return (
    a.replies === b.replies &&
    a.seq === b.seq &&
    a.users.length === b.users.length &&
    a.users.every((user, i) => user.displayName === b.users[i]?.displayName && user.id === b.users[i].id)
  );
}
