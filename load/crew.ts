import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { LoadError } from './errors.ts';
import type { Assignment, News, Order } from './messages.ts';

const START_TIMEOUT = 60_000;
const STOP_TIMEOUT = 3_000;

export type NewsOf<T extends News['type']> = Extract<News, { type: T }>;

/** The worker processes, as the main process sees them. */
export class Crew {
  readonly #workers: readonly ChildProcess[];
  readonly #onNews: (news: News) => void;
  /** Rejects when a worker ends before it was told to. */
  readonly failed: Promise<never>;
  #isStopping = false;
  #waiting: ((news: News) => void) | undefined;

  /** Starts one process for each; `onNews` hears their ticks and wishes. */
  constructor(count: number, onNews: (news: News) => void) {
    this.#onNews = onNews;
    const path = new URL('./worker/main.ts', import.meta.url);
    let fail: (error: Error) => void = () => undefined;
    this.failed = new Promise((_, reject) => (fail = reject));
    this.failed.catch(() => undefined); // whoever waits for it hears it
    this.#workers = Array.from({ length: count }, (_, index) => {
      const worker = fork(path, { serialization: 'advanced' });
      worker.on('message', (news: News) => this.#hear(news));
      worker.on('error', (error) => fail(new LoadError(`worker ${index + 1} failed: ${error.message}`)));
      worker.on('exit', (code, signal) => {
        if (!this.#isStopping)
          fail(new LoadError(`worker ${index + 1} ended by itself (${signal ?? `code ${code ?? '?'}`})`));
      });
      return worker;
    });
  }

  get size(): number {
    return this.#workers.length;
  }
  get pids(): readonly number[] {
    return this.#workers.flatMap(({ pid }) => pid ?? []);
  }

  /** Gives each worker its part; resolves when all are ready to begin. */
  async hire(assignments: readonly Assignment[]): Promise<void> {
    const hired = this.#all('hired', START_TIMEOUT);
    for (const [i, assignment] of assignments.entries())
      this.#workers[i]?.send({ type: 'assign', assignment });
    await hired;
  }

  /** `make` is given the worker's place. */
  order(make: (worker: number) => Order): void {
    for (const [i, worker] of this.#workers.entries()) if (worker.connected) worker.send(make(i));
  }

  /** Tells all the same and waits for the answer of each. */
  async ask<T extends News['type']>(order: Order, answer: T, timeout: number): Promise<NewsOf<T>[]> {
    const all = this.#all(answer, timeout);
    this.order(() => order);
    return await all;
  }

  /** Ends all workers. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const ends = this.#workers
      .filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)
      .map((worker) => once(worker, 'exit'));
    this.order(() => ({ type: 'stop' }));
    const timer = setTimeout(() => this.kill(), STOP_TIMEOUT);
    await Promise.all(ends);
    clearTimeout(timer);
  }

  kill(): void {
    this.#isStopping = true;
    for (const worker of this.#workers) worker.kill('SIGKILL');
  }

  #hear(news: News): void {
    this.#waiting?.(news);
    this.#onNews(news);
  }

  /** One question at a time. */
  async #all<T extends News['type']>(type: T, timeout: number): Promise<NewsOf<T>[]> {
    const answers: NewsOf<T>[] = [];
    let timer: NodeJS.Timeout | undefined;
    const complete = new Promise<void>((resolve, reject) => {
      timer = setTimeout(() => reject(new LoadError(`no answer from the workers (${type})`)), timeout);
      this.#waiting = (news) => {
        if (news.type !== type) return;
        answers.push(news as NewsOf<T>);
        if (answers.length === this.#workers.length) resolve();
      };
    });
    try {
      await Promise.race([complete, this.failed]);
    } finally {
      clearTimeout(timer);
      this.#waiting = undefined;
    }
    return answers;
  }
}
