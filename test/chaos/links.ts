import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ROOT } from '../../local/paths.ts';
import type { LinkState } from './link.ts';
import type { Done, Order } from './link-process.ts';

type Wish = Order extends infer O ? (O extends Order ? Omit<O, 'id' | 'link'> : never) : never;

/** One link, held by the process of links. */
export class RemoteLink {
  readonly port: number;
  readonly #ask: (wish: Wish) => Promise<Done>;

  constructor(port: number, ask: (wish: Wish) => Promise<Done>) {
    this.port = port;
    this.#ask = ask;
  }

  async leadTo(host: string, port: number): Promise<void> {
    await this.#ask({ do: 'lead', host, port });
  }

  /** Until the next call. */
  async set(state: LinkState): Promise<void> {
    await this.#ask({ do: 'set', state });
  }

  /** Breaks every `n`th connection; all may come back at once. */
  async drop(n: number): Promise<void> {
    await this.#ask({ do: 'drop', n });
  }
}

/** A process that holds links; it ends with this one. */
export class Links {
  readonly #child: ChildProcess;
  #orders = 0;

  constructor() {
    this.#child = fork(join(import.meta.dirname, 'link-process.ts'), {
      execArgv: ['--import', 'tsx'],
      cwd: ROOT,
    });
    this.#child.setMaxListeners(100);
  }

  async open(name: string): Promise<RemoteLink> {
    const { port } = await this.#ask(name, { do: 'open' });
    return new RemoteLink(port, (wish) => this.#ask(name, wish));
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.disconnect();
    await gone;
  }

  async #ask(link: string, wish: Wish): Promise<Done> {
    const id = ++this.#orders;
    const answered = new Promise<Done>((resolve, reject) => {
      const settle = (answer: Done): void => {
        if (answer.id !== id) return;
        this.#child.off('message', settle).off('exit', fail);
        resolve(answer);
      };
      const fail = (): void => reject(new Error('the process of links has ended'));
      this.#child.on('message', settle).once('exit', fail);
    });
    this.#child.send({ ...wish, id, link });
    return answered;
  }
}
