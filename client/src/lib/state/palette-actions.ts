import { keysOf } from '../chat/shortcuts.ts';
import type { App } from './app.svelte.ts';
import type { DialogName } from './dialogs.svelte.ts';
import { THEME_CHOICES } from './theme.svelte.ts';

/** What the palette can do besides going somewhere. */
export interface PaletteAction {
  readonly text: string;
  /** What does the same without the palette. */
  readonly keys?: readonly string[];
  run(): void;
}

/** Every action, in the order shown. */
export function paletteActions(app: App): readonly PaletteAction[] {
  const show = (text: string, dialog: DialogName): PaletteAction => ({
    text,
    run: () => {
      app.dialogs.show(dialog);
    },
  });
  return [
    {
      text: 'Search messages',
      keys: keysOf('search'),
      run: () => {
        app.search();
      },
    },
    show('Mentions of you', { name: 'mentions' }),
    show('Message someone', { name: 'new', tab: 'person' }),
    show('New group', { name: 'new', tab: 'group' }),
    show('New channel', { name: 'new', tab: 'channel' }),
    show('Browse channels', { name: 'new', tab: 'browse' }),
    show('Scheduled messages', { name: 'scheduled' }),
    show('Settings', { name: 'account' }),
    { ...show('Keyboard shortcuts', { name: 'shortcuts' }), keys: keysOf('shortcuts') },
    ...THEME_CHOICES.map(({ id, label }) => ({
      text: `Theme: ${label}`,
      run: () => {
        app.theme.choose(id);
      },
    })),
  ];
}
