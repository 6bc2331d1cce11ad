import { baselineSpec, launch, type Launch } from '../stage/processes.ts';
import type { Stage } from '../stage/stage.ts';
import type { SendSystem } from './system.ts';

export interface ExpressOptions extends Launch {
  /** Name of its database: its collections are not Parley's. */
  readonly database: string;
  readonly textIndex: boolean;
}

/** One Express process, its indexes in place when it answers. */
export async function startExpress(
  stage: Stage,
  { database, textIndex, ...options }: ExpressOptions,
): Promise<SendSystem> {
  const port = await stage.ports.take();
  const env = { MONGODB_URL: stage.databaseUrl(database), TEXT_INDEX: textIndex ? 'yes' : 'no' };
  const spec = { ...options, name: 'express', script: 'express-naive.js', port, env };
  const node = await launch(stage, baselineSpec(stage, spec), port);
  return { name: 'Express', nodes: [node], stop: () => node.stop() };
}
