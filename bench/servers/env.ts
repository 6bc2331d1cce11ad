/** The environment of a baseline server; throws a sentence that names what is missing. */
export function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set`);
  return value;
}

export const port = (): number => Number(required('PORT'));
