import fc from 'fast-check';
import type { Person } from './person.ts';

/** Values that have broken servers before, for any place in a JSON document. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1.5,
    1e308,
    Number.MAX_SAFE_INTEGER + 2,
    '',
    ' ',
    '\0',
    'nul\0inside',
    '\ud800',
    'low\udc00surrogate',
    '\u202e\ufeff',
    '__proto__',
    '$where',
    '../../etc/passwd',
    '0'.repeat(24),
    'f'.repeat(24),
    'x'.repeat(100_000),
    [],
    [null],
    {},
    { $ne: null },
    { $gt: '' },
    { $regex: '.*' },
    { toString: 1, valueOf: 1 },
    JSON.parse('{"__proto__":{"admin":true}}') as unknown,
  ),
  fc.constantFrom(40, 500).map(nested),
  fc.jsonValue({ maxDepth: 3 }),
);

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = [value];
  return value;
}

/** `example` with one field replaced, removed or added, or something else altogether. */
export function mutated(example: Readonly<Record<string, unknown>>): fc.Arbitrary<unknown> {
  const keys = Object.keys(example);
  const replace = fc
    .tuple(fc.constantFrom(...(keys.length > 0 ? keys : ['none'])), hostileValue)
    .map(([key, value]) => ({ ...example, [key]: value }));
  const add = fc
    .tuple(fc.constantFrom('$where', 'constructor', '_id', 'role', 'admin', 'seq', 'sender'), hostileValue)
    .map(([key, value]) => ({ ...example, [key]: value }));
  const remove = fc
    .constantFrom(...(keys.length > 0 ? keys : ['none']))
    .map((key) => Object.fromEntries(Object.entries(example).filter(([k]) => k !== key)));
  return fc.oneof(
    { weight: 6, arbitrary: replace },
    { weight: 2, arbitrary: add },
    { weight: 1, arbitrary: remove },
    { weight: 1, arbitrary: hostileValue },
  );
}

/** Text that is no JSON, or not what its type says. */
export const hostileText = fc.constantFrom(
  '',
  '{',
  '{"a":',
  'null',
  '[]',
  '"text"',
  '{"a":1,}',
  '\u0000',
  '{"text":"\\ud800"}',
  '[[[[',
  'NaN',
  '1e999',
  '['.repeat(100_000),
);

/** One segment of a path, encoded or not. */
export const hostileSegment = fc.constantFrom(
  '%00',
  '%ff%fe',
  '%',
  '%2e%2e%2f',
  '$ne',
  '[object Object]',
  'x'.repeat(5_000),
  '-1',
  'null',
  'undefined',
  '%F0%9F',
  'a'.repeat(23),
  'g'.repeat(24),
);

/** What anyone could see change of a channel, its member and the server's people. */
export async function seenOf(person: Person, room: string): Promise<string> {
  const paths = [
    ...['/users/me', '/users?limit=200', '/rooms', '/rooms/public'],
    ...[`/rooms/${room}/members`, `/rooms/${room}/messages`],
  ];
  return JSON.stringify(await Promise.all(paths.map((path) => person.call('GET', path))));
}
