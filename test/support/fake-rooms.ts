/** The rooms of the fake server: just enough of the contract to judge a client by. */
import { randomBytes } from 'node:crypto';
import type { LogPage, Message, MessagePage, Room, UserSummary } from '../../shared/wire/rest.ts';

export const newId = (): string => randomBytes(12).toString('hex');

/** What stands at one number of a room's log. */
export interface FakeEntry {
  readonly seq: number;
  readonly kind: 'message' | 'change' | 'void';
  readonly of?: number;
}

export interface FakeMember {
  readonly user: UserSummary;
  readSeq: number;
  gotSeq: number;
}

export class FakeRoom {
  readonly id = newId();
  readonly members = new Map<string, FakeMember>();
  readonly log: FakeEntry[] = [];
  readonly messages = new Map<number, Message>();
  /** Whose messages do not count as unread. */
  readonly blocked = new Set<string>();
  readonly type: Room['type'];
  /** Who has not opened the dm that the other side began. */
  readonly unopened = new Set<string>();
  name: string;
  v = 1;

  constructor(type: Room['type'], name: string, members: readonly UserSummary[]) {
    this.type = type;
    this.name = name;
    for (const user of members) this.join(user);
  }

  get head(): number {
    return this.log.length;
  }

  join(user: UserSummary): void {
    this.members.set(user.id, { user, readSeq: this.head, gotSeq: this.head });
  }

  /** Stores a message, or gives the one that this sender sent under this clientId before. */
  post(
    sender: UserSummary,
    clientId: string,
    text: string,
    fields: Partial<Message> = {},
  ): { readonly message: Message; readonly created: boolean } {
    const known = [...this.messages.values()].find(
      (m) => m.sender.id === sender.id && m.clientId === clientId,
    );
    if (known !== undefined) return { message: known, created: false };
    const seq = this.head + 1;
    const at = new Date().toISOString();
    const message: Message = {
      room: this.id,
      seq,
      id: newId(),
      clientId,
      kind: 'text',
      sender,
      text,
      at,
      rev: seq,
      ...fields,
    };
    this.log.push({ seq, kind: 'message' });
    this.messages.set(seq, message);
    return { message, created: true };
  }

  edit(of: number, fields: Partial<Message>): FakeEntry {
    const entry: FakeEntry = { seq: this.head + 1, kind: 'change', of };
    this.log.push(entry);
    this.messages.set(of, { ...this.messages.get(of)!, ...fields, rev: entry.seq });
    return entry;
  }

  addVoid(): FakeEntry {
    const entry: FakeEntry = { seq: this.head + 1, kind: 'void' };
    this.log.push(entry);
    return entry;
  }

  all(): Message[] {
    return [...this.messages.values()].sort((a, b) => a.seq - b.seq);
  }

  page(query: URLSearchParams): MessagePage {
    const limit = Number(query.get('limit') ?? 50);
    const after = query.get('after') ?? query.get('around');
    if (after !== null) {
      const half = query.has('around') ? Math.ceil(limit / 2) : 0;
      return this.#from(Math.max(1, Number(after) + 1 - half), limit);
    }
    const before = Number(query.get('before') ?? this.head + 1);
    const older = this.all().filter((message) => message.seq < before);
    const messages = older.slice(-limit);
    const from = messages.length < older.length ? messages[0]!.seq : 1;
    const complete = messages.length === 0 ? ([1, 0] as const) : ([from, before - 1] as const);
    return { messages, head: this.head, complete };
  }

  /** A thread's root and its newest replies, or those before a reply. */
  threadPage(root: number, query: URLSearchParams): MessagePage {
    const before = Number(query.get('before') ?? this.head + 1);
    const older = this.all().filter(({ thread, seq }) => thread === root && seq < before);
    const replies = older.slice(-Number(query.get('limit') ?? 50));
    const from = replies.length < older.length ? replies[0]!.seq : root;
    const first = query.has('before') ? [] : [this.messages.get(root) ?? []].flat();
    return { messages: [...first, ...replies], head: this.head, complete: [from, before - 1] };
  }

  #from(seq: number, limit: number): MessagePage {
    const newer = this.all().filter((message) => message.seq >= seq);
    const messages = newer.slice(0, limit);
    const to = messages.length < newer.length ? messages.at(-1)!.seq : this.head;
    return { messages, head: this.head, complete: to < seq ? [1, 0] : [seq, to] };
  }

  logAfter(after: number, limit: number): LogPage {
    const to = Math.max(after, Math.min(this.head, after + limit));
    const part = this.log.slice(after, to);
    const at = (seqs: readonly number[]): Message[] => seqs.flatMap((seq) => this.messages.get(seq) ?? []);
    const changed = new Set(
      part.flatMap((entry) => (entry.of === undefined || entry.of > after ? [] : [entry.of])),
    );
    return { messages: at(part.map((entry) => entry.seq)), changed: at([...changed]), to, head: this.head };
  }

  summary(me: string): Room {
    const member = this.members.get(me)!;
    const { unread, mentions } = this.unread(me, member.readSeq);
    const last = this.all().at(-1);
    const peer = [...this.members.values()].find(({ user }) => user.id !== me)?.user;
    return {
      ...this.shared(),
      ...(last === undefined ? {} : { lastMessage: last }),
      ...(this.type === 'dm' && peer !== undefined ? { peer } : {}),
      me: {
        ...{ role: 'member', readSeq: member.readSeq, unread, mentions, notify: 'all', favourite: false },
        ...(this.unopened.has(me) && this.head === 0 ? { unopened: true } : {}),
      },
    };
  }

  /** What a fresh reader counts above `readSeq`. */
  unread(me: string, readSeq: number): { readonly unread: number; readonly mentions: number } {
    const isOthers = (id: string): boolean => id !== me && !this.blocked.has(id);
    const unread = this.all().filter(
      (m) => m.seq > readSeq && m.kind === 'text' && isOthers(m.sender.id) && m.deletedAt === undefined,
    );
    const mentions = unread.filter((m) => m.mentions?.some((named) => named === me || named === 'room'));
    return { unread: Math.min(unread.length, 100), mentions: Math.min(mentions.length, 100) };
  }

  shared(): Omit<Room, 'me'> {
    const { id, type, name, v, head } = this;
    return { id, type, name, public: false, v, head, members: this.members.size };
  }
}

/** The reactions of a message once `user` has put `emoji` on it, or taken it back. */
export function reacted(
  { reactions }: Message,
  emoji: string,
  user: string,
  on: boolean,
): NonNullable<Message['reactions']> {
  const others = (reactions?.[emoji]?.users ?? []).filter((each) => each !== user);
  const users = on ? [...others, user] : others;
  const rest = Object.entries(reactions ?? {}).filter(([name]) => name !== emoji);
  const kept = users.length === 0 ? [] : [[emoji, { count: users.length, users }] as const];
  return Object.fromEntries([...rest, ...kept]);
}
