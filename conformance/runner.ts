import type { Check } from './check.ts';
import { type Cast, Context, type Place } from './context.ts';
import { Mismatch, Skip } from './expect.ts';
import { User } from './client/user.ts';

export interface Result {
  readonly title: string;
  readonly section: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  readonly ms: number;
  readonly expected?: string;
  readonly seen?: string;
  /** Why it was skipped. */
  readonly reason?: string;
}

/** ms for one check. */
const TIMEOUT = 60_000;

/** Runs the checks, `jobs` at a time, each with users that no other has meanwhile. Never rejects for a check that fails. */
export async function runChecks(
  checks: readonly Check[],
  place: Place,
  options: { readonly jobs: number; readonly onResult: (result: Result) => void },
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const work = async (queue: Check[], cast: Cast): Promise<void> => {
    for (let check = queue.shift(); check !== undefined; check = queue.shift()) {
      const result = await runOne(check, place, cast);
      results.push(result);
      options.onResult(result);
    }
  };
  const casts = await Promise.all(Array.from({ length: options.jobs }, () => castOf(place)));
  const queue = checks
    .filter(({ isLast }) => isLast !== true)
    .toSorted((a, b) => (b.seconds ?? 1) - (a.seconds ?? 1));
  await Promise.all(casts.map((cast) => work(queue, cast)));
  const last = checks.filter(({ isLast }) => isLast === true);
  for (const cast of casts.slice(0, 1)) await work(last, cast);
  return results;
}

async function castOf({ http }: Place): Promise<Cast> {
  const [ann, bob, carl] = await Promise.all([
    User.register(http, 'ann'),
    User.register(http, 'bob'),
    User.register(http, 'carl'),
  ]);
  return { ann, bob, carl };
}

async function runOne(check: Check, place: Place, cast: Cast): Promise<Result> {
  const { title, section } = check;
  const context = new Context(place, cast);
  const began = performance.now();
  const ms = (): number => Math.round(performance.now() - began);
  try {
    await within(check.run(context));
    context.end();
    return { title, section, status: 'passed', ms: ms() };
  } catch (error) {
    endQuietly(context);
    if (error instanceof Skip) return { title, section, status: 'skipped', ms: ms(), reason: error.message };
    return { title, section, status: 'failed', ms: ms(), ...describe(error) };
  }
}

/** The check failed already; what its frames lacked besides is not the news. */
function endQuietly(context: Context): void {
  try {
    context.end();
  } catch {
    // said by the failure that stands
  }
}

function describe(error: unknown): { readonly expected: string; readonly seen: string } {
  if (error instanceof Mismatch) return { expected: error.expected, seen: error.seen };
  return {
    expected: 'the check to come to its end',
    seen: error instanceof Error ? error.message : String(error),
  };
}

async function within(run: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Mismatch(`an end within ${TIMEOUT} ms`, 'none')), TIMEOUT);
  });
  await Promise.race([run, late]).finally(() => clearTimeout(timer));
}
