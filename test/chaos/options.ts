import { parseArgs } from 'node:util';

export interface Options {
  readonly minutes: number;
  readonly seed: number;
  readonly clients: number;
  readonly rooms: number;
  /** Messages a second, of all together. */
  readonly rate: number;
  /** Keep the cluster's data folder, logs included. */
  readonly keep: boolean;
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
    },
  });
  const number = (name: 'minutes' | 'seed' | 'clients' | 'rooms' | 'rate'): number => {
    const value = Number(values[name]);
    if (!Number.isFinite(value) || value <= 0) throw new Error(`--${name} must be a number above 0`);
    return value;
  };
  return {
    minutes: number('minutes'),
    seed: number('seed'),
    clients: number('clients'),
    rooms: number('rooms'),
    rate: number('rate'),
    keep: values.keep,
  };
}
