/** Which modules of the client go into one file. */

/** What of the bundler's module graph is asked. */
export interface Modules {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null;
}

/** The modules, from `src`, at which the ways in begin. */
const START = 'main.ts';
const ENTRY = 'views/EntryView.svelte';
const MAIN = 'views/MainView.svelte';

type Name = (id: string, modules: Modules) => string | undefined;

/**
 * The groups of modules that each become one file: `core`, which every visit needs, `entry`, what signing in needs besides,
 * and `conversation`, what reading and writing need. Many small files each cost a request with its headers, and compress
 * worse. `parts` is what dialogs and panes have in common; all else is as the bundler sees fit.
 */
export function chunkGroups(
  src: string,
): { name: Name | string; priority: number; minShareCount?: number }[] {
  const known = new Map<string, ReadonlySet<string>>();
  const isOf = (entry: string, id: string, modules: Modules): boolean => {
    const reached = known.get(entry) ?? reach(`${src}/${entry}`, modules);
    known.set(entry, reached);
    return reached.has(id);
  };
  const core: Name = (id, modules) => {
    const isShared = isOf(ENTRY, id, modules) && isOf(MAIN, id, modules);
    return isShared || isOf(START, id, modules) ? 'core' : undefined;
  };
  const all =
    (entry: string, name: string): Name =>
    (id, modules) =>
      isOf(entry, id, modules) ? name : undefined;
  // A group takes what its modules import as well, so the order decides.
  return [
    { name: core, priority: 4 },
    { name: all(ENTRY, 'entry'), priority: 3 },
    { name: all(MAIN, 'conversation'), priority: 2 },
    { name: 'parts', priority: 1, minShareCount: 2 },
  ];
}

/** A module and all that it imports, straight or through others; not what it fetches later. */
function reach(start: string, modules: Modules): ReadonlySet<string> {
  const found = new Set([start]);
  // What is added while going through a set comes in its turn.
  for (const id of found) for (const next of modules.getModuleInfo(id)?.importedIds ?? []) found.add(next);
  return found;
}
