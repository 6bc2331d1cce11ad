import { parseArgs } from 'node:util';

/** What can be switched off, so that it shows that the checker would notice; `nothing` is the control of `deciding`. */
export const BROKEN = ['idempotency', 'repair', 'positioning', 'deciding', 'nothing'] as const;
export type Broken = (typeof BROKEN)[number];

export interface Options {
  readonly minutes: number;
  readonly seed: number;
  readonly clients: number;
  readonly rooms: number;
  /** Messages a second, of all together. */
  readonly rate: number;
  /** Keep the journal and the nodes' logs, also when all is well. */
  readonly keep: boolean;
  readonly broken: Broken | undefined;
  /** A file that gets the figures as one line of JSON. */
  readonly report: string | undefined;
}

/** Reads the command line; throws a sentence for what is wrong with it. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '2' },
      seed: { type: 'string', default: '1' },
      clients: { type: 'string', default: '12' },
      rooms: { type: 'string', default: '4' },
      rate: { type: 'string', default: '60' },
      keep: { type: 'boolean', default: false },
      broken: { type: 'string' },
      report: { type: 'string' },
    },
  });
  const number = (name: 'minutes' | 'seed' | 'clients' | 'rooms' | 'rate'): number => {
    const value = Number(values[name]);
    if (!Number.isFinite(value) || value <= 0) throw new Error(`--${name} must be a number above 0`);
    return value;
  };
  const broken = BROKEN.find((name) => name === values.broken);
  if (values.broken !== undefined && broken === undefined)
    throw new Error(`--broken must be one of ${BROKEN.join(', ')}`);
  return {
    minutes: number('minutes'),
    seed: number('seed'),
    clients: number('clients'),
    rooms: number('rooms'),
    rate: number('rate'),
    keep: values.keep,
    broken,
    report: values.report,
  };
}
