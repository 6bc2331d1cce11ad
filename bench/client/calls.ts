import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Calls between the benchmark and its client processes: one JSON object each way, told apart by a number. */
type Call = { readonly id: number; readonly name: string; readonly argument: unknown };
type Answer = { readonly id: number; readonly result?: unknown; readonly error?: string };
type Calls = Readonly<Record<string, (argument: never) => unknown>>;

/** A client process: `call` runs one of the functions it serves. */
export interface Helper<C extends Calls> {
  call<N extends keyof C & string>(
    name: N,
    argument: Parameters<C[N]>[0],
  ): Promise<Awaited<ReturnType<C[N]>>>;
  stop(): void;
}

/** Starts `module` (its URL), which must `serve` what type C says. Calls reject when it dies. */
export function startHelper<C extends Calls>(module: URL): Helper<C> {
  const child = fork(fileURLToPath(module), { execArgv: ['--import', 'tsx'] });
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  let calls = 0;
  child.on('message', ({ id, result, error }: Answer) => {
    const waiter = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) waiter?.resolve(result as never);
    else waiter?.reject(new Error(error));
  });
  child.on('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error('a client process ended'));
    waiting.clear();
  });
  return {
    call: (name, argument) =>
      new Promise((resolve, reject) => {
        if (!child.connected) return reject(new Error('a client process has ended'));
        waiting.set(++calls, { resolve, reject });
        child.send({ id: calls, name, argument } satisfies Call);
      }),
    stop: () => end(child),
  };
}

function end(child: ChildProcess): void {
  if (child.connected) child.disconnect();
  child.kill();
}

/** In a client process: answers calls until the benchmark goes away. */
export function serve(calls: Calls): void {
  const functions: Readonly<Record<string, (argument: never) => unknown>> = calls;
  process.on('message', ({ id, name, argument }: Call) => {
    const answer = (fields: Omit<Answer, 'id'>): void => void process.send?.({ id, ...fields });
    Promise.resolve()
      .then(() => functions[name]?.(argument as never))
      .then(
        (result) => answer({ result }),
        (error: unknown) => answer({ error: error instanceof Error ? error.message : String(error) }),
      );
  });
  process.on('disconnect', () => process.exit(0));
}
