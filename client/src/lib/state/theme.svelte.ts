import { readLocal, writeLocal } from '../platform/local.ts';

export type ThemeChoice = 'system' | 'light' | 'dark' | 'contrast';
export const THEME_CHOICES: readonly { readonly id: ThemeChoice; readonly label: string }[] = [
  { id: 'system', label: 'System' },
  { id: 'light', label: 'Light' },
  { id: 'dark', label: 'Dark' },
  { id: 'contrast', label: 'High contrast' },
];

// The same key as in public/theme.js, which sets the theme before the first paint.
const KEY = 'parley.theme';
const CHROME = { light: '#f5f3ee', dark: '#141a1b', contrast: '#ffffff' } as const;

/** The chosen theme and the one in force. Owned by the app. */
export class Theme {
  #choice: ThemeChoice = $state(parseChoice(readLocal(KEY)));
  #system: 'light' | 'dark' | 'contrast' = $state(systemTheme());

  get choice(): ThemeChoice {
    return this.#choice;
  }
  get current(): 'light' | 'dark' | 'contrast' {
    return this.#choice === 'system' ? this.#system : this.#choice;
  }
  /** For parts that know two looks only. */
  get scheme(): 'light' | 'dark' {
    return this.current === 'dark' ? 'dark' : 'light';
  }

  choose(choice: ThemeChoice): void {
    this.#choice = choice;
    writeLocal(KEY, choice);
    this.apply();
  }

  /** Follows the system's setting; gives the stop. */
  start(): () => void {
    const stop = new AbortController();
    for (const query of [
      matchMedia('(prefers-color-scheme: dark)'),
      matchMedia('(prefers-contrast: more)'),
    ]) {
      query.addEventListener(
        'change',
        () => {
          this.#system = systemTheme();
          this.apply();
        },
        { signal: stop.signal },
      );
    }
    this.apply();
    return () => {
      stop.abort();
    };
  }

  private apply(): void {
    document.documentElement.dataset['theme'] = this.current;
    document.querySelector('meta[name="theme-color"]')?.setAttribute('content', CHROME[this.current]);
  }
}

function parseChoice(text: string | undefined): ThemeChoice {
  return THEME_CHOICES.find((choice) => choice.id === text)?.id ?? 'system';
}

function systemTheme(): 'light' | 'dark' | 'contrast' {
  if (matchMedia('(prefers-contrast: more)').matches) return 'contrast';
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}
