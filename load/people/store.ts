import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { randomBytes } from 'node:crypto';

/** An account of the tester. */
export interface Account {
  readonly username: string;
  readonly id: string;
  accessToken: string;
  /** ms since the epoch. */
  expiresAt: number;
  refreshToken: string;
}

/** What is kept from run to run of one target. */
export interface Saved {
  readonly version: 1;
  /** In the names of users, so that those of two folders do not meet. */
  readonly name: string;
  readonly password: string;
  readonly users: Account[];
  /** Room ids by the plan's key. */
  readonly rooms: Record<string, string>;
}

/** The file that keeps the tester's accounts and rooms of one target. It holds tokens: only its owner may read it. */
export class Store {
  readonly path: string;
  #saved: Saved = newcomer();
  #writing: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.path = path;
  }

  get saved(): Saved {
    return this.#saved;
  }

  /** What the last run left; a file that is not there or cannot be understood counts as empty. */
  async load(): Promise<void> {
    const text = await readFile(this.path, 'utf8').catch(() => '{}');
    this.#saved = readSaved(text) ?? newcomer();
  }

  /** Begins anew. */
  clear(): void {
    this.#saved = newcomer();
  }

  /** One write after the other, each whole. */
  async save(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write());
    await this.#writing;
  }

  async #write(): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true });
    const beside = `${this.path}.${process.pid}.new`;
    await writeFile(beside, `${JSON.stringify(this.#saved)}\n`, { mode: 0o600 });
    await rename(beside, this.path);
  }
}

function newcomer(): Saved {
  const random = (bytes: number): string => randomBytes(bytes).toString('hex');
  return { version: 1, name: random(4), password: random(16), users: [], rooms: {} };
}

function readSaved(text: string): Saved | undefined {
  let value: Partial<Saved>;
  try {
    value = JSON.parse(text) as Partial<Saved>;
  } catch {
    return undefined;
  }
  const { version, name, password, users, rooms } = value;
  if (version !== 1 || typeof name !== 'string' || typeof password !== 'string') return undefined;
  if (!Array.isArray(users) || typeof rooms !== 'object') return undefined;
  return { version, name, password, users: users.filter(isAccount), rooms };
}

function isAccount(value: unknown): value is Account {
  const fields = ['username', 'id', 'accessToken', 'refreshToken'] as const;
  if (typeof value !== 'object' || value === null) return false;
  return fields.every((name) => typeof Reflect.get(value, name) === 'string') && 'expiresAt' in value;
}
