import { readLocal, writeLocal } from '../platform/local.ts';

// The same key and names as in public/theme.js, which sets both before the first paint.
const KEY = 'parley.settings';

export const ACCENTS = ['lagoon', 'indigo', 'plum', 'forest', 'ember'] as const;
export type Accent = (typeof ACCENTS)[number];
export const TEXT_SIZES = ['small', 'normal', 'large'] as const;
export type TextSize = (typeof TEXT_SIZES)[number];

export interface SettingValues {
  readonly accent: Accent;
  readonly textSize: TextSize;
  /** Desktop notifications while nobody looks. */
  readonly notifications: boolean;
  readonly sound: boolean;
}
const DEFAULTS: SettingValues = { accent: 'lagoon', textSize: 'normal', notifications: false, sound: false };

/** What a person chose for this browser. Owned by the app. */
export class Settings {
  #values: SettingValues = $state.raw(parseSettings(readLocal(KEY)));

  get values(): SettingValues {
    return this.#values;
  }

  change(values: Partial<SettingValues>): void {
    this.#values = { ...this.#values, ...values };
    writeLocal(KEY, JSON.stringify(this.#values));
    this.apply();
  }

  /** Puts them on the page. */
  apply(): void {
    const { dataset } = document.documentElement;
    dataset['accent'] = this.#values.accent;
    dataset['text'] = this.#values.textSize;
  }
}

/** Anything unknown is as it is for everybody. */
export function parseSettings(text: string | undefined): SettingValues {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '{}');
  } catch {
    return DEFAULTS;
  }
  if (typeof value !== 'object' || value === null) return DEFAULTS;
  const { accent, textSize, notifications, sound } = value as Readonly<Record<string, unknown>>;
  return {
    accent: ACCENTS.find((known) => known === accent) ?? DEFAULTS.accent,
    textSize: TEXT_SIZES.find((known) => known === textSize) ?? DEFAULTS.textSize,
    notifications: notifications === true,
    sound: sound === true,
  };
}
