import type { Appended, Draft } from '../../../../api/services/log/draft.ts';
import type { LogEntry } from '../../../../api/store/log.ts';
import { ParleyError } from '../../../../shared/node/errors.ts';
import type { History } from './history.ts';
import { Fault } from './link.ts';
import type { Node } from './node.ts';
import { PEOPLE, ROOMS, type Act } from './scenario.ts';
import type { Simulation } from './simulation.ts';
import { stateAt, stateOf } from './state.ts';

/** ms until somebody asks another node. */
const PATIENCE = 6_000;
const PAUSE = 300;

/** One message somebody wants to send, until it is acknowledged. */
export interface Wish {
  readonly room: string;
  readonly sender: string;
  readonly clientId: string;
  /** The seq of the message it must follow. */
  after: number | undefined;
  bodies: number;
  first: { readonly id: string; readonly seq: number } | undefined;
}

/** Clients: they send until they are acknowledged, through one node after the other, and hold everyone to their word. */
export class People {
  readonly wishes: Wish[] = [];
  /** How many things somebody still waits for. */
  waiting = 0;
  readonly #simulation: Simulation;
  readonly #history: History;
  readonly #nodes: readonly Node[];
  readonly #post: (draft: Draft) => Draft;
  /** `room sender` → the seq of their last chained message, once acknowledged. */
  readonly #chains = new Map<string, Promise<number | undefined>>();

  /** `nodes` is looked at anew for each call: a dead node is replaced in place. */
  constructor(
    simulation: Simulation,
    history: History,
    nodes: readonly Node[],
    post: (draft: Draft) => Draft = (draft) => draft,
  ) {
    this.#simulation = simulation;
    this.#history = history;
    this.#nodes = nodes;
    this.#post = post;
  }

  send(act: Act & { kind: 'send' }): void {
    const wish: Wish = {
      room: ROOMS[act.room] ?? ROOMS[0],
      sender: PEOPLE[act.who] ?? '',
      clientId: `m${this.wishes.length}`,
      after: undefined,
      bodies: 0,
      first: undefined,
    };
    this.wishes.push(wish);
    if (!act.chained) return this.#pursue(wish, act.node, act.copies);
    const key = `${wish.room} ${wish.sender}`;
    const before = this.#chains.get(key) ?? Promise.resolve(undefined);
    this.waiting += 1;
    this.#chains.set(
      key,
      before.then(async (after) => {
        wish.after = after;
        const copies = Array.from({ length: act.copies }, (_, i) => this.#untilAcked(wish, act.node + i));
        const seq = await Promise.race(copies);
        this.waiting -= 1;
        return seq;
      }),
    );
  }

  again({ pick, node }: Act & { kind: 'again' }): void {
    const wish = this.wishes[pick % Math.max(1, this.wishes.length)];
    if (wish?.first !== undefined) this.#pursue(wish, node, 1);
  }

  /** Without a clientId, and so without a second try: it stands once at the most. */
  notice({ room, node }: Act & { kind: 'notice' }): void {
    const text = `notice ${this.#simulation.steps}`;
    const { log } = this.#nodes[node]!;
    const draft = { room: ROOMS[room] ?? ROOMS[0], kind: 'notice', sender: PEOPLE[0]!, text } as const;
    log.appender.append(draft).then(
      ({ entry }) => this.#checkStands(entry, text),
      (error: unknown) => this.#checkError(error),
    );
  }

  change({ pick, node, what, who }: Act & { kind: 'change' }): void {
    const wish = this.wishes[pick % Math.max(1, this.wishes.length)];
    if (wish?.first === undefined) return;
    const { room, sender } = wish;
    const { seq } = wish.first;
    const { changes } = this.#nodes[node]!;
    const text = `edit ${this.#simulation.steps} of ${wish.clientId}`;
    const user = PEOPLE[who] ?? '';
    const changed = {
      edit: () => changes.edit(sender, room, seq, text),
      delete: () => changes.remove(sender, room, seq),
      react: () => changes.react(user, room, seq, '+1'),
      unreact: () => changes.unreact(user, room, seq, '+1'),
    }[what]();
    changed.then(
      (message) => this.#checkChanged(message, what, text, user),
      (error: unknown) => this.#checkError(error, stateAt(this.#history, room, seq)?.deleted),
    );
  }

  #pursue(wish: Wish, node: number, copies: number): void {
    this.waiting += copies;
    for (let i = 0; i < copies; i++)
      void this.#untilAcked(wish, node + i).then(() => {
        this.waiting -= 1;
      });
  }

  async #untilAcked(wish: Wish, firstNode: number): Promise<number> {
    for (let attempt = 0; ; attempt++) {
      const { log } = this.#nodes[(firstNode + attempt) % this.#nodes.length]!;
      const { room, sender, clientId, after } = wish;
      const text = `${clientId} body ${wish.bodies++}`;
      const draft = { room, kind: 'text', sender, clientId, text } as const;
      const acked = log.appender.append(this.#post(after === undefined ? draft : { ...draft, after })).then(
        (appended) => this.#ack(wish, appended),
        (error: unknown) => this.#checkError(error),
      );
      const seq = await this.#simulation.within(acked, PATIENCE);
      if (seq !== undefined) return seq;
      await this.#simulation.sleep(PAUSE);
    }
  }

  #ack(wish: Wish, { entry }: Appended): number {
    const { first, clientId } = wish;
    this.#history.note(() => `  ack of ${clientId}: ${entry.seq} ${entry.text ?? ''}`);
    this.#checkStands(entry, stateAt(this.#history, entry.room, entry.seq, entry.rev)?.text);
    if (entry.clientId !== clientId || entry.sender !== wish.sender)
      this.#history.violate(`${clientId} is acknowledged as ${entry.clientId}`);
    if (first !== undefined && (first.id !== entry.id || first.seq !== entry.seq))
      this.#history.violate(`${clientId} is acknowledged at ${first.seq} and at ${entry.seq}`);
    if (wish.after !== undefined && entry.seq <= wish.after)
      this.#history.violate(`${clientId} got ${entry.seq}, not above ${wish.after}, which it follows`);
    wish.first ??= { id: entry.id, seq: entry.seq };
    return entry.seq;
  }

  /** Acknowledged is stored. */
  #checkStands(entry: LogEntry, text: string | undefined): void {
    const stands = this.#history.entry(entry.room, entry.seq);
    if (stands?.id !== entry.id)
      this.#history.violate(`${entry.seq} is acknowledged and does not stand there`);
    if (entry.text !== text)
      this.#history.violate(`${entry.seq} is acknowledged as ${entry.text} instead of ${text}`);
  }

  #checkChanged(message: LogEntry, what: string, text: string, user: string): void {
    const { room, seq, rev } = message;
    this.#history.note(() => `  ack of ${what} of ${seq}: ${rev}`);
    const state = stateAt(this.#history, room, seq, rev);
    if (JSON.stringify(state) !== JSON.stringify(stateOf(message)))
      this.#history.violate(
        `a ${what} is acknowledged with ${JSON.stringify(stateOf(message))} instead of ${JSON.stringify(state)}`,
      );
    const has = state?.reactions.includes(`+1 ${user}`) ?? false;
    const isDone = { edit: state?.text === text, delete: state?.deleted, react: has, unreact: !has }[what];
    if (isDone !== true) this.#history.violate(`a ${what} of ${seq} is acknowledged and not in ${rev}`);
  }

  /** Whatever goes wrong, the caller hears one of the codes of the contract. */
  #checkError(error: unknown, isDeleted = false): undefined {
    this.#history.note(() => `  refused: ${String(error)}`);
    const code = error instanceof ParleyError ? error.code : String(error);
    if (code === 'unavailable' || code === 'overloaded' || (code === 'conflict' && isDeleted)) return;
    // What asks the store before it writes passes on that the store is away.
    if (error instanceof Fault) return;
    this.#history.violate(`refused with ${code}`);
  }
}
