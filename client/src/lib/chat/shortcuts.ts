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

/** Alt-← leads back from a jump. On a Mac it moves the cursor by words, so there it does so outside of texts only. */
export function isStepBack(event: KeyPress, isMac = /Mac|iPhone|iPad/u.test(navigator.userAgent)): boolean {
  if (event.key !== 'ArrowLeft' || !event.altKey) return false;
  if (event.ctrlKey || event.metaKey || event.shiftKey) return false;
  return !(isMac && isTextField(event.target));
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
  { keys: [':'], text: 'In a message: an emoji by its name, as in :tada:' },
  { keys: ['/'], text: 'In an empty message: a command, such as /topic or /mute' },
  { keys: ['Ctrl', 'B'], text: 'In a message: bold' },
  { keys: ['Ctrl', 'I'], text: 'In a message: italic' },
  { keys: ['Ctrl', 'Shift', 'X'], text: 'In a message: struck through' },
  { keys: ['Ctrl', 'E'], text: 'In a message: code' },
  { keys: ['Alt', '↑ ↓'], text: 'Previous or next conversation' },
  { keys: ['Shift', 'Alt', '↑ ↓'], text: 'Previous or next unread conversation' },
  { keys: ['Enter'], text: 'Send the message' },
  { keys: ['Shift', 'Enter'], text: 'Begin a new line; in a list or a quote, its next one' },
  { keys: ['↑'], text: 'In an empty message: edit the last one you sent' },
  { keys: ['R'], text: 'On a message: reply to it' },
  { keys: ['T'], text: 'On a message: open its thread' },
  { keys: ['F'], text: 'On a message: forward it' },
  { keys: ['P'], text: 'On a message: see who wrote it' },
  { keys: ['Alt', '←'], text: 'After a jump: back to where you were' },
  { keys: ['Esc'], text: 'Close what is open; then back from a jump, then to the newest message' },
  { keys: ['?'], text: 'This list' },
];
