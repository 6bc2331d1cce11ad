import { formatOf, toggled } from '../chat/formatting.ts';
import { nextLine } from '../chat/next-line.ts';
import type { TextEdit } from '../chat/text-edit.ts';

/** Marked as deprecated, and still the only way to change a field so that the browser can undo it. */
interface Editing {
  execCommand(command: string, ui: boolean, value?: string): boolean;
}

/** Changes what stands in a field as typing would: it can be undone, and the field says that it changed. */
export function editText(area: HTMLTextAreaElement, { from, to, words, select }: TextEdit): void {
  area.focus({ preventScroll: true });
  area.setSelectionRange(from, to);
  if (from !== to || words !== '') replace(area, words);
  area.setSelectionRange(...select);
}

function replace(area: HTMLTextAreaElement, words: string): void {
  const editing: Editing = document;
  const isDone =
    words === '' ? editing.execCommand('delete', false) : editing.execCommand('insertText', false, words);
  if (isDone) return;
  area.setRangeText(words, area.selectionStart, area.selectionEnd, 'end');
  area.dispatchEvent(new InputEvent('input', { bubbles: true }));
}

/** An attachment: the keys that format what is selected, and new lines that go on with a list or a quote. */
export function formatKeys(area: HTMLTextAreaElement): () => void {
  const onkeydown = (event: KeyboardEvent): void => {
    if (event.isComposing || event.defaultPrevented || area.readOnly) return;
    const edit = editFor(event, area);
    if (edit === undefined) return;
    event.preventDefault();
    editText(area, edit);
  };
  area.addEventListener('keydown', onkeydown);
  return () => {
    area.removeEventListener('keydown', onkeydown);
  };
}

function editFor(
  event: KeyboardEvent,
  { value, selectionStart: from, selectionEnd: to }: HTMLTextAreaElement,
): TextEdit | undefined {
  const format = formatOf(event);
  if (format !== undefined) return toggled(value, from, to, format);
  const isNewLine = event.key === 'Enter' && event.shiftKey && !event.ctrlKey && !event.metaKey;
  return isNewLine ? nextLine(value, from, to) : undefined;
}
