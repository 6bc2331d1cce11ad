import { LIMITS } from '../../../../shared/wire/protocol.ts';

/** Whose presence to ask for, in a stable order: each once, those named first before the rest, as many as may be asked. */
export function watchList(first: readonly string[], rest: readonly string[]): readonly string[] {
  return [...new Set([...first, ...rest])].slice(0, LIMITS.watchUsers).toSorted();
}
