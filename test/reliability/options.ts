import { parseArgs } from 'node:util';

/** The numbers on the command line, by name, with what stands for those that are not named; throws a sentence for anything else. */
export function readNumbers<N extends string>(
  args: readonly string[],
  defaults: Readonly<Record<N, number>>,
): Readonly<Record<N, number>> {
  const names = Object.keys(defaults) as N[];
  const { values } = parseArgs({
    args: [...args],
    options: Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
  });
  const given: Readonly<Record<string, unknown>> = values;
  const result: Record<N, number> = { ...defaults };
  for (const name of names) {
    const text = given[name];
    if (text === undefined) continue;
    const value = Number(text);
    if (!Number.isFinite(value) || value < 0 || text === '')
      throw new Error(`--${name} must be a number from 0 up`);
    result[name] = value;
  }
  return result;
}
