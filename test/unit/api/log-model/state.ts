import type { ChangeAction, LogEntry } from '../../../../api/store/log.ts';
import type { History } from './history.ts';

/** A message as it must stand: folded from what landed, by code that shares nothing with the product. */
export interface State {
  rev: number;
  text: string;
  deleted: boolean;
  /** `emoji user`, sorted. */
  reactions: string[];
}

/** The changes of a message in the order of the log. */
export const changesOf = (history: History, room: string, seq: number): readonly LogEntry[] =>
  history.log(room).filter((entry) => entry.kind === 'change' && entry.of === seq);

/** The message at `seq` after all its changes up to the number `rev`; undefined where there is no message. */
export function stateAt(history: History, room: string, seq: number, rev = Infinity): State | undefined {
  const first = history.entry(room, seq);
  if (first === undefined || (first.kind !== 'text' && first.kind !== 'notice')) return undefined;
  const state: State = { rev: seq, text: first.text ?? '', deleted: false, reactions: [] };
  for (const { seq: number, action, by = '' } of changesOf(history, room, seq)) {
    if (number > rev) break;
    state.rev = number;
    if (action !== undefined) apply(state, action, by);
  }
  return state;
}

function apply(state: State, action: ChangeAction, by: string): void {
  if (action.type === 'edit') state.text = action.text;
  if (action.type === 'delete') Object.assign(state, { text: '', deleted: true, reactions: [] });
  if (action.type === 'react')
    state.reactions = [...new Set([...state.reactions, `${action.emoji} ${by}`])].sort();
  if (action.type === 'unreact')
    state.reactions = state.reactions.filter((one) => one !== `${action.emoji} ${by}`);
}

/** A stored message in the same terms. */
export function stateOf(entry: LogEntry): State {
  return {
    rev: entry.rev,
    text: entry.text ?? '',
    deleted: entry.deletedAt !== undefined,
    reactions: (entry.reactions ?? [])
      .flatMap(({ emoji, users }) => users.map((user) => `${emoji} ${user}`))
      .sort(),
  };
}
