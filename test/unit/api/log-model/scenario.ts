import fc from 'fast-check';

export const NODES = 3;
export const ROOMS = ['a'.repeat(24), 'd'.repeat(24)] as const;
export const PEOPLE = ['1', '2', '3'].map((digit) => digit.repeat(24));

/** One thing somebody does, `gap` ms after the one before, through a node chosen by number. */
export type Act = { readonly gap: number; readonly node: number; readonly room: number } & (
  | {
      readonly kind: 'send';
      readonly who: number;
      /** Sent after the ack of the sender's last chained message, which it names. */
      readonly chained: boolean;
      /** How many nodes get it at the same time, each with a body of its own. */
      readonly copies: number;
    }
  /** A message of before, sent once more under its clientId with another body. */
  | { readonly kind: 'again'; readonly pick: number }
  | { readonly kind: 'notice' }
  | {
      readonly kind: 'change';
      readonly pick: number;
      readonly what: 'edit' | 'delete' | 'react' | 'unreact';
      readonly who: number;
    }
  | {
      readonly kind: 'read';
      readonly reader: number;
      readonly via: 'catch up' | 'slice' | 'open' | 'list';
    }
);
export interface Scenario {
  readonly acts: readonly Act[];
  /** See `Tape`. */
  readonly tape: readonly number[];
}

const common = {
  gap: fc.constantFrom(0, 0, 1, 3, 20, 300, 1_500),
  node: fc.nat(NODES - 1),
  room: fc.constantFrom(0, 0, 0, 1),
};
/** Mostly the same few, so that they meet. */
const pick = fc.constantFrom(0, 0, 0, 1, 1, 2, 5);
const who = fc.nat(PEOPLE.length - 1);

const send = fc.record({
  kind: fc.constant('send' as const),
  ...common,
  who,
  chained: fc.boolean(),
  copies: fc.constantFrom(1, 1, 2, 3),
});
const inOrder = fc.record({
  kind: fc.constant('send' as const),
  ...common,
  room: fc.constant(0),
  who: fc.constant(0),
  chained: fc.constant(true),
  copies: fc.constant(1),
});
const again = fc.record({ kind: fc.constant('again' as const), ...common, pick });
const notice = fc.record({ kind: fc.constant('notice' as const), ...common });
const change = fc.record({
  kind: fc.constant('change' as const),
  ...common,
  pick,
  who,
  what: fc.constantFrom(
    'edit' as const,
    'edit' as const,
    'react' as const,
    'unreact' as const,
    'delete' as const,
  ),
});
const read = fc.record({
  kind: fc.constant('read' as const),
  ...common,
  reader: fc.nat(2),
  via: fc.constantFrom('catch up' as const, 'slice' as const, 'open' as const, 'list' as const),
});

/** `[weight, act]` each. */
const actsOf = (...choices: readonly (readonly [number, fc.Arbitrary<Act>])[]): fc.Arbitrary<Act[]> =>
  fc.array(fc.oneof(...choices.map(([weight, arbitrary]) => ({ weight, arbitrary }))), {
    minLength: 1,
    maxLength: 24,
    size: 'max',
  });

/** Mostly harmless, with some of the numbers of `trouble` (see `Tape`): what follows one fault goes on for longer. */
const tapeOf = (trouble: fc.Arbitrary<number>) =>
  fc.array(fc.oneof({ weight: 4, arbitrary: fc.nat(799) }, { weight: 1, arbitrary: trouble }), {
    maxLength: 240,
    size: 'max',
  });
const lateEffects = tapeOf(fc.integer({ min: 860, max: 899 }));
const counterTrouble = tapeOf(fc.integer({ min: 900, max: 999 }));
const anyTrouble = fc.array(fc.nat(999), { maxLength: 240, size: 'max' });

export const scenario: fc.Arbitrary<Scenario> = fc.record({
  acts: fc.oneof(
    actsOf([6, send], [1, again], [1, notice], [4, change], [4, read]),
    actsOf([2, send], [14, change], [2, read]),
    actsOf([7, inOrder], [5, send], [2, notice], [1, read]),
  ),
  tape: fc.oneof(anyTrouble, lateEffects, counterTrouble),
});
