import type { Verdict } from './bench.ts';
import type { FanOutFigures } from './fan-out.ts';

/** Figures of several systems side by side: `parley.p99`, `socketIo.p99` … */
export type Prefixed<P extends string, K extends string> = Readonly<Record<`${P}.${K}`, number>>;

export function prefixed<P extends string, F extends object>(
  prefix: P,
  figures: F,
): Prefixed<P, keyof F & string> {
  const entries = Object.entries(figures).map(([name, value]) => [`${prefix}.${name}`, value] as const);
  return Object.fromEntries(entries) as Prefixed<P, keyof F & string>;
}

export const ratio = (ours: number, theirs: number): number => ours / theirs;

export const FAN_OUT_COLUMNS = ['', 'CPU per delivery', 'p50', 'p99', 'deliveries/s', 'lost'] as const;

export function fanOutRow<P extends string>(
  label: string,
  prefix: P,
  figures: Prefixed<P, keyof FanOutFigures>,
): readonly string[] {
  const value = (name: keyof FanOutFigures): number => figures[`${prefix}.${name}`];
  return [
    label,
    `${value('micros').toFixed(2)} µs`,
    `${milliseconds(value('p50'))} ms`,
    `${milliseconds(value('p99'))} ms`,
    Math.round(value('perSecond')).toLocaleString('en-US'),
    String(value('lost')),
  ];
}

/** Three digits that mean something: 0.84, 12.3, 4,650. */
export const milliseconds = (ms: number): string =>
  ms < 10 ? ms.toFixed(2) : ms < 100 ? ms.toFixed(1) : Math.round(ms).toLocaleString('en-US');

export const nothingLost = (lost: number, disordered: number): Verdict => ({
  claim: 'nothing lost, nothing out of order',
  found: `${lost} lost, ${disordered} out of order`,
  ok: lost === 0 && disordered === 0,
});
