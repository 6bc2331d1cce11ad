import type { Logger } from './logger.ts';

type Step = { readonly name: string; readonly stop: () => Promise<void> | void };

/** What was started, stopped in reverse: last in, first out. A step that fails is logged; the others still run. */
export class Lifecycle {
  readonly #steps: Step[] = [];
  readonly #logger: Logger;
  #stopping: Promise<void> | undefined;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Registers how to stop what was just started. */
  onStop(name: string, stop: Step['stop']): void {
    this.#steps.push({ name, stop });
  }

  get isStopping(): boolean {
    return this.#stopping !== undefined;
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#run();
    return this.#stopping;
  }

  async #run(): Promise<void> {
    for (const step of this.#steps.toReversed()) {
      try {
        await step.stop();
      } catch (error) {
        this.#logger.error({ err: error, step: step.name }, 'a step of the shutdown failed');
      }
    }
  }

  /**
   * SIGTERM and SIGINT stop in order and exit 0 (1 if `deadlineMs` passes first); what nobody caught is logged and
   * exits 1: a process in an unknown state is worth less than a fresh one.
   */
  handleSignals(deadlineMs: number): void {
    const shutdown = (signal: string) => {
      if (this.isStopping) return;
      this.#logger.info({ signal }, 'stopping');
      setTimeout(() => process.exit(1), deadlineMs).unref();
      void this.stop().then(() => process.exit(0));
    };
    process.on('SIGTERM', shutdown);
    process.on('SIGINT', shutdown);
    const die = (error: unknown) => {
      this.#logger.fatal({ err: error }, 'uncaught');
      process.exit(1);
    };
    process.on('uncaughtException', die);
    process.on('unhandledRejection', die);
  }
}
