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

interface Key {
  readonly keys: readonly string[];
  readonly text: string;
  /** What it asks for, where something else offers the same. */
  readonly name?: Shortcut['name'];
}
/** For the help: what each key does, by where it does it. */
export const SHORTCUTS: readonly { readonly title: string; readonly keys: readonly Key[] }[] = [
  {
    title: 'Everywhere',
    keys: [
      { name: 'palette', keys: ['Ctrl', 'K'], text: 'Go anywhere: conversations, people, channels, actions' },
      { name: 'search', keys: ['Ctrl', 'F'], text: 'Search messages, in the open conversation first' },
      { keys: ['Alt', '↑ ↓'], text: 'Previous or next conversation' },
      { keys: ['Shift', 'Alt', '↑ ↓'], text: 'Previous or next unread conversation' },
      { keys: ['Alt', '←'], text: 'After a jump: back to where you were' },
      { keys: ['Esc'], text: 'Close what is open; then back from a jump, then to the newest message' },
      { name: 'shortcuts', keys: ['?'], text: 'This list' },
    ],
  },
  {
    title: 'While you write',
    keys: [
      { keys: ['Enter'], text: 'Send the message' },
      { keys: ['Shift', 'Enter'], text: 'Begin a new line; in a list or a quote, its next one' },
      { keys: ['↑'], text: 'With nothing written: edit the last one you sent' },
      { keys: ['@'], text: 'Name somebody, or everybody with @room' },
      { keys: [':'], text: 'An emoji by its name, as in :tada:' },
      { keys: ['/'], text: 'With nothing written: a command, such as /topic or /mute' },
      { keys: ['Ctrl', 'B'], text: 'Bold' },
      { keys: ['Ctrl', 'I'], text: 'Italic' },
      { keys: ['Ctrl', 'Shift', 'X'], text: 'Struck through' },
      { keys: ['Ctrl', 'E'], text: 'Code' },
    ],
  },
  {
    title: 'On a message',
    keys: [
      { keys: ['↑ ↓'], text: 'The one before or behind it' },
      { keys: ['R'], text: 'Reply' },
      { keys: ['T'], text: 'Open its thread' },
      { keys: ['F'], text: 'Forward' },
      { keys: ['C'], text: 'Copy its text' },
      { keys: ['L'], text: 'Copy a link to it' },
      { keys: ['U'], text: 'Mark the conversation unread from there' },
      { keys: ['E'], text: 'Edit, if it is yours' },
      { keys: ['Delete'], text: 'Delete, if you may; you are asked first' },
      { keys: ['P'], text: 'See who wrote it' },
      { keys: ['M'], text: 'All that can be done with it' },
    ],
  },
];

/** The keys that ask for the same, to be shown beside it. */
export function keysOf(name: Shortcut['name']): readonly string[] {
  return SHORTCUTS.flatMap(({ keys }) => keys).find((key) => key.name === name)?.keys ?? [];
}
