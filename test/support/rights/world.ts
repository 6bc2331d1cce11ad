/** Who plays in the scenes of the rights table, and how they are spoken for. */
import { randomBytes } from 'node:crypto';
import type { mongo } from 'mongoose';
import { RoutePatterns } from '../../../api/middleware/route-pattern.ts';
import { ROUTES } from '../../../api/routes/schemas/index.ts';
import { API_PREFIX } from '../../../shared/wire/rest.ts';

/** Somebody signed in. */
export interface Who {
  readonly id: string;
  readonly username: string;
  readonly token: string;
}
export interface Answer<T = unknown> {
  readonly status: number;
  readonly body: T;
}
export interface CallOptions {
  readonly token?: string;
  readonly body?: unknown;
}
/** How a node or a cluster is reached. */
export interface Wire {
  call<T>(method: string, path: string, options: CallOptions): Promise<Answer<T>>;
  /** A file's bytes, as they are. */
  upload(token: string, query: string, bytes: Buffer): Promise<Answer>;
  register(prefix: string): Promise<Who>;
}

const NAMES = ['ann', 'abe', 'mia', 'act', 'out', 'col'] as const;
/** Owner, admin, member, the one whose rights are tried, one who is in no room, and one who blocks the actor. */
export type Cast = Readonly<Record<(typeof NAMES)[number], Who>>;

/** Everything that outlives one scene. */
export class World {
  readonly wire: Wire;
  readonly db: mongo.Db;
  readonly cast: Cast;
  /** A room of the actor's own, to forward into. */
  readonly home: string;
  /** Calls that were made as those of the rights under trial: `GET /rooms/:room`. */
  readonly tried = new Set<string>();
  #preparations = 0;
  readonly #patterns = new RoutePatterns(ROUTES);

  private constructor(wire: Wire, db: mongo.Db, cast: Cast, home: string) {
    this.wire = wire;
    this.db = db;
    this.cast = cast;
    this.home = home;
  }

  static async create(wire: Wire, db: mongo.Db): Promise<World> {
    const people = await Promise.all(NAMES.map(async (name) => [name, await wire.register(name)] as const));
    const cast = Object.fromEntries(people) as unknown as Cast;
    const body = { type: 'group', name: 'Home' };
    const home = await wire.call<{ id: string }>('POST', '/rooms', { token: cast.act.token, body });
    return new World(wire, db, cast, home.body.id);
  }

  /** How often something was prepared. */
  get preparations(): number {
    return this.#preparations;
  }

  /** A preparation, which must succeed. */
  async by<T>(who: Who, method: string, path: string, body?: unknown): Promise<T> {
    if (method !== 'GET') this.#preparations += 1;
    const answer = await this.wire.call<T>(method, path, {
      token: who.token,
      ...(body === undefined ? {} : { body }),
    });
    if (answer.status < 400) return answer.body;
    throw new Error(`${who.username}: ${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }

  /** Notes that the call was tried, for `action`. */
  note(action: string, method: string, path: string): void {
    const name = this.#patterns.nameOf(method, API_PREFIX + path.split('?', 1)[0]);
    this.tried.add(`${action}: ${name}`);
  }
}

/** A word that stands nowhere else. */
export const newWord = (): string => `w${randomBytes(6).toString('hex')}`;

/** Resolves when it holds; mocha's timeout is the end of patience. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50));
}
