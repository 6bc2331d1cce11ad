import type { Draft } from '../../../../api/services/log/draft.ts';
import { MemoryCounter } from '../../../../api/services/log/counter.ts';
import { MemoryLogStore } from '../../../../api/store/log-memory.ts';
import { envelopesIn } from '../../../support/bus-frames.ts';
import { Tape, type Disturbance } from './fate.ts';
import { History } from './history.ts';
import { judge } from './judge.ts';
import type { Surroundings } from './link.ts';
import { Node, type Sabotage } from './node.ts';
import { People } from './people.ts';
import { Reader } from './reader.ts';
import { NODES, ROOMS, type Act, type Scenario } from './scenario.ts';
import { Simulation, type Process } from './simulation.ts';

export interface Twins extends Sabotage {
  readonly makeStore?: () => MemoryLogStore;
  readonly makeCounter?: () => MemoryCounter;
  /** What becomes of a message on its way to a node. */
  readonly draft?: (draft: Draft) => Draft;
}
export interface Verdict {
  /** The first broken promise; undefined when all were kept. */
  readonly violation: string | undefined;
  readonly story: string;
  readonly steps: number;
}

/** ms of virtual time after the last fault, within which everything under way must come to its end. */
const COME_TO_REST = 60_000;
/** ms after the last act until the faults end. */
const AFTERMATH = 2_000;

/** A cluster's log from its first message to its rest: nodes, people, readers, and what befalls them. */
export class World {
  readonly simulation = new Simulation();
  readonly history: History;
  readonly store: MemoryLogStore;
  readonly counter: MemoryCounter;
  readonly nodes: Node[] = [];
  readonly people: People;
  readonly #tape: Tape;
  readonly #redis = { away: false };
  readonly #readers = new Map<string, Reader>();
  readonly #twins: Twins;

  constructor(tape: readonly number[], twins: Twins, isTraced: boolean) {
    this.#twins = twins;
    this.#tape = new Tape(tape);
    this.history = new History(() => this.simulation.now, isTraced);
    this.store = twins.makeStore?.() ?? new MemoryLogStore();
    this.counter = twins.makeCounter?.() ?? new MemoryCounter();
    for (let i = 0; i < NODES; i++) this.#startNode(i);
    this.people = new People(this.simulation, this.history, this.nodes, twins.draft);
  }

  async run(acts: readonly Act[]): Promise<Verdict> {
    for (const act of acts) {
      await this.simulation.run(this.simulation.now + act.gap);
      if (this.history.violation !== undefined) break;
      this.#act(act);
    }
    await this.simulation.run(this.simulation.now + AFTERMATH);
    if (this.history.violation === undefined) await this.#rest();
    for (const node of this.nodes) node.dead = true;
    return { violation: this.history.violation, story: this.history.story, steps: this.simulation.steps };
  }

  reader(name: string, room: string): Reader {
    const key = `${name} in ${room.slice(0, 1)}`;
    const reader = this.#readers.get(key) ?? new Reader(room, key, this.history);
    this.#readers.set(key, reader);
    return reader;
  }

  /** The faults end: everything comes to rest, and is judged. */
  async #rest(): Promise<void> {
    this.history.note(() => 'the faults end');
    this.#tape.end();
    this.#redis.away = false;
    await this.simulation.run(this.simulation.now + COME_TO_REST, true);
    if (!this.simulation.isIdle || this.people.waiting > 0)
      return this.history.violate(`${this.people.waiting} sends are never acknowledged`);
    await judge(this);
  }

  #act(act: Act): void {
    this.history.note(() => `> ${JSON.stringify(act)}`);
    if (act.kind === 'send') return this.people.send(act);
    if (act.kind === 'again') return this.people.again(act);
    if (act.kind === 'notice') return this.people.notice(act);
    if (act.kind === 'change') return this.people.change(act);
    // A read that fails is a read that tells nothing.
    this.#read(act).catch(() => undefined);
  }

  async #read({ via, node, room, reader }: Act & { kind: 'read' }): Promise<unknown> {
    const from = this.nodes[node]!;
    const id = ROOMS[room] ?? ROOMS[0];
    const who = this.reader(`reader ${reader}`, id);
    if (via === 'catch up') return who.catchUp(from);
    if (via === 'slice') return who.slice(from);
    if (via === 'open') return who.open(from, 3);
    for (const [one, head] of await from.log.heads(ROOMS)) this.history.complete(one, head, 'a room list');
    for (const { seq, id: message, room: one } of (await from.log.lastMessages(ROOMS)).values())
      this.history.tell(one, seq, message);
    return undefined;
  }

  #startNode(index: number): void {
    const around: Surroundings = {
      simulation: this.simulation,
      tape: this.#tape,
      history: this.history,
      redis: this.#redis,
      disturb: (what) => this.#disturb(what),
      onDeath: (process) => this.#die(index, process),
    };
    const publish = async (_channel: string, bytes: Buffer): Promise<void> => {
      for (const { room, number, body } of envelopesIn(bytes))
        this.reader('bus', room).frame(number, body.toString());
    };
    const servers = { store: this.store, counter: this.counter, publish };
    this.nodes[index] = new Node(`node ${index}`, servers, around, this.#twins);
  }

  /** Its successor starts at once: until somebody asks it, that makes no difference. */
  #die(index: number, process: Process): void {
    if (process.dead) return;
    process.dead = true;
    this.#startNode(index);
  }

  #disturb(what: Disturbance): void {
    if (what.kind === 'redis away' || what.kind === 'redis back')
      this.#redis.away = what.kind === 'redis away';
    if (what.kind === 'counter emptied') this.counter.values.clear();
    const { values } = this.counter;
    for (const [room, value] of values) {
      if (what.kind === 'counter stepped back') values.set(room, Math.max(0, value - what.by));
      if (what.kind === 'numbers lost') values.set(room, value + what.count);
    }
  }
}

export const simulate = ({ acts, tape }: Scenario, twins: Twins = {}, isTraced = false): Promise<Verdict> =>
  new World(tape, twins, isTraced).run(acts);
