/** Commands that run beside each other, with what each says kept together. */
import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';

export interface Job {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** What one lane says: heard at once when it is its turn, else kept until it is. */
class Voice {
  readonly #kept: (Buffer | string)[] = [];
  #isHeard = false;

  say(text: Buffer | string): void {
    if (this.#isHeard) process.stdout.write(text);
    else this.#kept.push(text);
  }

  hear(): void {
    this.#isHeard = true;
    for (const text of this.#kept.splice(0)) process.stdout.write(text);
  }
}

/** Runs jobs beside each other and after each other, until it is interrupted. */
export class Lanes {
  readonly #children = new Set<ChildProcess>();
  #isOver = false;

  constructor() {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        this.#isOver = true;
        // An interrupt from the keyboard reaches them by itself; it is also what mocha passes on to its own child.
        if (signal === 'SIGTERM') for (const child of this.#children) child.kill('SIGINT');
      });
  }

  /**
   * Runs all jobs: the lanes beside each other, the jobs of a lane one after the other; true if all went well. What the first
   * lane says is heard as it comes, what the next ones say once those before have ended.
   */
  async run(lanes: readonly (readonly Job[])[]): Promise<boolean> {
    const started = lanes.map((jobs) => {
      const voice = new Voice();
      return { voice, end: this.#runLane(jobs, voice) };
    });
    let ok = true;
    for (const { voice, end } of started) {
      voice.hear();
      ok = (await end) && ok;
    }
    return ok && !this.#isOver;
  }

  async #runLane(jobs: readonly Job[], voice: Voice): Promise<boolean> {
    let ok = true;
    for (const job of jobs) {
      if (this.#isOver) return false;
      voice.say(`\n— ${job.name}\n`);
      const started = Date.now();
      ok = (await this.#runJob(job, voice)) && ok;
      voice.say(`  ${job.name}: ${Math.round((Date.now() - started) / 1000)} s\n`);
    }
    return ok;
  }

  async #runJob({ program, args, env, cwd }: Job, voice: Voice): Promise<boolean> {
    const stdio: StdioOptions = ['ignore', 'pipe', 'pipe'];
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio });
    this.#children.add(child);
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (text: Buffer) => {
        voice.say(text);
      });
    const code = await new Promise<number | null>((resolve) => {
      child.once('error', (error) => {
        voice.say(`${error.message}\n`);
        resolve(null);
      });
      child.once('close', resolve);
    });
    this.#children.delete(child);
    return code === 0;
  }
}
