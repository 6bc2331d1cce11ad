import { randomBytes } from 'node:crypto';
import { pathsOf } from '../local/paths.ts';
import { assign } from './assign.ts';
import { Conductor } from './conductor.ts';
import { Crew } from './crew.ts';
import { LoadError } from './errors.ts';
import type { News } from './messages.ts';
import type { LoadOptions } from './options.ts';
import { TokenKeeper } from './people/token-keeper.ts';
import { ProcessWatch } from './processes.ts';
import { statusLine, type Progress } from './progress.ts';
import { Recorder } from './recorder.ts';
import { buildReport } from './report/build.ts';
import type { Report } from './report/model.ts';
import { prepare, type Stage } from './setup.ts';
import { RUN_LENGTH } from './stamp.ts';

/** A whole run, from accounts to verdict. Aborting `signal` ends it early, with its report. Rejects with LoadError. */
export async function runLoad(
  options: LoadOptions,
  progress: Progress,
  signal: AbortSignal,
): Promise<Report> {
  const stage = await prepare(options, progress);
  if (signal.aborted) throw new LoadError('stopped before the first socket was opened');
  const recorder = new Recorder(stage.machine.processes);
  let keeper: TokenKeeper | undefined;
  const crew = new Crew(stage.machine.processes, (news: News) => {
    if (news.type === 'tick') recorder.tick(news);
    else if (news.type === 'expired') keeper?.expired(news.user);
  });
  try {
    const run = randomBytes(RUN_LENGTH / 2).toString('hex');
    await crew.hire(assign(options, stage, run));
    keeper = new TokenKeeper(
      stage.rest,
      stage.store,
      options.users,
      (tokens) => crew.order(() => ({ type: 'tokens', tokens })),
      (warning) => progress.say(`warning    ${warning}`),
    );
    return await lead(options, stage, { crew, recorder, progress, signal });
  } finally {
    await keeper?.stop();
    await crew.stop();
    await stage.rest.close();
    await stage.release();
    progress.clear();
  }
}

interface Parts {
  readonly crew: Crew;
  readonly recorder: Recorder;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

async function lead(options: LoadOptions, stage: Stage, parts: Parts): Promise<Report> {
  const { crew, recorder, signal } = parts;
  const startedAt = new Date();
  recorder.begin();
  const conductor = new Conductor({ options, ...parts });
  const own = new Map(crew.pids.map((pid, i) => [pid, `tester-${i + 1}`]));
  const processes = new ProcessWatch(own.set(process.pid, 'tester'), pathsOf(options.data).data);
  recorder.onRound = () => void showRound(processes, conductor, parts);
  try {
    const connected = await conductor.connect();
    const connectSeconds = recorder.elapsed;
    const before = await processes.look();
    const { window, end } = recorder.window();
    const sustainable = options.findMax
      ? await conductor.search()
      : await conductor.steady().then(() => undefined);
    const sendSeconds = recorder.elapsed - connectSeconds;
    const judged = await conductor.judge();
    end();
    return buildReport({
      ...{ options, stage, recorder, conductor, judged, sustainable, startedAt },
      ...{ connected, connectSeconds, sendSeconds, stoppedEarly: signal.aborted },
      usage: { before, after: await processes.look(), deliveries: window.counters.deliveries },
    });
  } finally {
    recorder.onRound = () => undefined;
  }
}

async function showRound(
  processes: ProcessWatch,
  conductor: Conductor,
  { recorder, progress }: Parts,
): Promise<void> {
  const sample = recorder.sample(await processes.look());
  const errors = [...recorder.errors.values()].reduce((sum, count) => sum + count, 0);
  progress.show(statusLine(conductor.phase, sample, errors));
  conductor.watch(sample);
}
