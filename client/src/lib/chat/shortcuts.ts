/** Which key does what, everywhere in the client. */
export type Shortcut =
  | { readonly name: 'palette' }
  | { readonly name: 'search' }
  | { readonly name: 'shortcuts' }
  | { readonly name: 'move'; readonly step: 1 | -1; readonly unread: boolean };

/** The part of a KeyboardEvent that decides. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly target: unknown;
}

/** What a key press asks for; undefined for what belongs to the element in focus. */
export function shortcutOf(event: KeyPress): Shortcut | undefined {
  const { key, altKey } = event;
  const command = event.ctrlKey || event.metaKey;
  if (command && !altKey && key.toLowerCase() === 'k') return { name: 'palette' };
  if (command && !altKey && !event.shiftKey && key.toLowerCase() === 'f') return { name: 'search' };
  if (altKey && !command && (key === 'ArrowUp' || key === 'ArrowDown')) {
    return { name: 'move', step: key === 'ArrowDown' ? 1 : -1, unread: event.shiftKey };
  }
  if (key === '?' && !command && !altKey && !isTextField(event.target)) return { name: 'shortcuts' };
  return undefined;
}

function isTextField(target: unknown): boolean {
  if (typeof target !== 'object' || target === null || !('tagName' in target)) return false;
  const editable = 'isContentEditable' in target && target.isContentEditable === true;
  return editable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(String(target.tagName));
}

/** For the help: what each key does. */
export const SHORTCUTS: readonly { readonly keys: readonly string[]; readonly text: string }[] = [
  { keys: ['Ctrl', 'K'], text: 'Go anywhere: conversations, people, channels, actions' },
  { keys: ['Ctrl', 'F'], text: 'Search messages, in the open conversation first' },
  { keys: ['@'], text: 'In a message: name somebody, or everybody with @room' },
  { keys: ['Alt', '↑ ↓'], text: 'Previous or next conversation' },
  { keys: ['Shift', 'Alt', '↑ ↓'], text: 'Previous or next unread conversation' },
  { keys: ['Enter'], text: 'Send the message' },
  { keys: ['Shift', 'Enter'], text: 'Begin a new line' },
  { keys: ['↑'], text: 'In an empty message: edit the last one you sent' },
  { keys: ['R'], text: 'On a message: reply to it' },
  { keys: ['T'], text: 'On a message: open its thread' },
  { keys: ['F'], text: 'On a message: forward it' },
  { keys: ['Esc'], text: 'Close what is open; then go to the newest message' },
  { keys: ['?'], text: 'This list' },
];
