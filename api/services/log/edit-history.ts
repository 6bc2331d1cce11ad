import { LIMITS } from '../../../shared/wire/protocol.ts';
import type { EditHistory, MessageVersion } from '../../../shared/wire/rest.ts';
import type { LogEntry } from '../../store/log.ts';

/** The versions of `message` from its last edits, ascending; where there were more of them, the first versions are missing. */
export function editHistory(
  message: { readonly at: Date; readonly text: string },
  edits: readonly LogEntry[],
): EditHistory {
  const [first] = edits;
  const complete = edits.length < LIMITS.edits;
  const original: MessageVersion = { text: first?.was ?? message.text, at: message.at.toISOString() };
  const later = edits.flatMap(({ action, at }) =>
    action?.type === 'edit' ? [{ text: action.text, at: at.toISOString() }] : [],
  );
  return { versions: complete ? [original, ...later] : later, complete };
}
