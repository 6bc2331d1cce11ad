import { watch } from 'node:fs';
import { join } from 'node:path';
import type { Cluster } from './cluster.ts';
import { reason } from './errors.ts';
import type { Output } from './output.ts';
import { ROOT } from './paths.ts';

/** ms without a further change before nodes are started again: editors write several files at once. */
const DEBOUNCE = 200;
const API = /^(api)-\d+$/;
const GATEWAY = /^(gateway)-\d+$/;
const FOLDERS = [
  { folder: 'api', nodes: [API] },
  { folder: 'gateway', nodes: [GATEWAY] },
  { folder: 'shared/wire', nodes: [API, GATEWAY] },
  { folder: 'shared/node', nodes: [API, GATEWAY] },
] as const;

/** Starts API nodes and gateways again when their sources change, until the process ends. */
export function watchSources(cluster: Cluster, output: Output): void {
  const due = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let turn: Promise<void> = Promise.resolve();

  const restart = (): void => {
    const names = [...due];
    due.clear();
    turn = turn.then(() => restartAll(cluster, names, output));
  };
  for (const { folder, nodes } of FOLDERS) {
    const watcher = watch(join(ROOT, folder), { recursive: true }, (_event, file) => {
      if (file?.endsWith('.ts') !== true) return;
      for (const { spec } of cluster.processes)
        if (nodes.some((pattern) => pattern.test(spec.name))) due.add(spec.name);
      clearTimeout(timer);
      timer = setTimeout(restart, DEBOUNCE);
    });
    watcher.on('error', (error) => output.warn('watch', `${folder}: ${error.message}`));
  }
}

async function restartAll(cluster: Cluster, names: readonly string[], output: Output): Promise<void> {
  output.progress('changed', `starting ${names.join(', ')} again`);
  const results = await Promise.allSettled(
    names.map(async (name) => {
      const item = cluster.process(name);
      await item.stop();
      await item.start();
    }),
  );
  const failed = results.find((result) => result.status === 'rejected');
  if (failed === undefined) output.line('changed', `${names.join(', ')} started again`);
  else output.warn('changed', reason(failed.reason));
}
