/**
 * Checks values against the part of JSON Schema that docs/asyncapi.yaml uses: `$ref` (within the document), `type` (one),
 * `const`, `enum`, `required`, `properties`, `additionalProperties` (false or a schema), `maxProperties`, `items`,
 * `minItems`, `maxItems`, `uniqueItems`, `minLength`, `maxLength`, `pattern`, `minimum`, `maximum`, `exclusiveMinimum` and
 * `format: date-time`. `description` and `examples` say nothing. Any other keyword throws, so that none is believed
 * to be checked that is not.
 */
import { isDeepStrictEqual } from 'node:util';

export type Schema = Readonly<Record<string, unknown>>;

const SILENT: ReadonlySet<string> = new Set(['description', 'examples']);
const MAX_COMPLAINTS = 5;

type Complain = (path: string, problem: string) => void;
type Rule = (
  value: unknown,
  argument: unknown,
  path: string,
  context: { readonly schema: Schema; readonly validator: Validator; readonly complain: Complain },
) => void;

/** All schemas of one document. */
export class Validator {
  readonly #document: Schema;

  constructor(document: Schema) {
    this.#document = document;
  }

  /** What is wrong with `value`, each as "path: problem"; empty when nothing is. At most five. */
  complaints(value: unknown, schema: Schema): string[] {
    const found: string[] = [];
    this.check(value, schema, '', (path, problem) => found.push(`${path === '' ? 'it' : path}: ${problem}`));
    return found.slice(0, MAX_COMPLAINTS);
  }

  check(value: unknown, schema: Schema, path: string, complain: Complain): void {
    const ref = schema['$ref'];
    if (typeof ref === 'string') return this.check(value, this.resolve(ref), path, complain);
    for (const [keyword, argument] of Object.entries(schema)) {
      if (SILENT.has(keyword)) continue;
      const rule = RULES.get(keyword);
      if (rule === undefined) throw new Error(`this checker does not know the keyword ${keyword}`);
      rule(value, argument, path, { schema, validator: this, complain });
    }
  }

  /** Throws where `schema`, or one it holds or refers to, has a keyword that is not checked or refers to nothing. */
  verify(schema: Schema, seen = new Set<Schema>()): void {
    if (seen.has(schema)) return;
    seen.add(schema);
    const ref = schema['$ref'];
    if (typeof ref === 'string') return this.verify(this.resolve(ref), seen);
    for (const keyword of Object.keys(schema)) {
      if (!SILENT.has(keyword) && !RULES.has(keyword))
        throw new Error(`this checker does not know the keyword ${keyword}`);
    }
    const { properties, items, additionalProperties } = schema;
    const inner = [...Object.values(isObject(properties) ? properties : {}), items, additionalProperties];
    for (const one of inner) if (isObject(one)) this.verify(one, seen);
  }

  /** The schema at a pointer like `#/components/schemas/Message`; throws where there is none. */
  resolve(pointer: string): Schema {
    let node: unknown = this.#document;
    for (const part of pointer.replace(/^#\//, '').split('/')) node = isObject(node) ? node[part] : undefined;
    if (!isObject(node)) throw new Error(`nothing stands at ${pointer}`);
    return node;
  }
}

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: (value) => isObject(value),
  array: (value) => Array.isArray(value),
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isSafeInteger(value),
};
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

const onStrings =
  (isWrong: (text: string, argument: unknown) => boolean, problem: string): Rule =>
  (value, argument, path, { complain }) => {
    if (typeof value === 'string' && isWrong(value, argument))
      complain(path, `${problem} ${String(argument)}`);
  };
const onNumbers =
  (isWrong: (number: number, argument: number) => boolean, problem: string): Rule =>
  (value, argument, path, { complain }) => {
    if (typeof value === 'number' && isWrong(value, Number(argument)))
      complain(path, `${value} is ${problem} ${String(argument)}`);
  };
const onArrays =
  (isWrong: (list: readonly unknown[], argument: unknown) => boolean, problem: string): Rule =>
  (value, argument, path, { complain }) => {
    if (Array.isArray(value) && isWrong(value, argument)) complain(path, `${problem} ${String(argument)}`);
  };

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  [
    'type',
    (value, argument, path, { complain }) => {
      if (TYPES[String(argument)]?.(value) !== true) complain(path, `is not of type ${String(argument)}`);
    },
  ],
  [
    'const',
    (value, argument, path, { complain }) => {
      if (!isDeepStrictEqual(value, argument)) complain(path, `is not ${JSON.stringify(argument)}`);
    },
  ],
  [
    'enum',
    (value, argument, path, { complain }) => {
      if (!(argument as readonly unknown[]).includes(value)) complain(path, `is none of ${String(argument)}`);
    },
  ],
  [
    'required',
    (value, argument, path, { complain }) => {
      if (!isObject(value)) return;
      for (const name of argument as readonly string[])
        if (!Object.hasOwn(value, name)) complain(path, `lacks ${name}`);
    },
  ],
  [
    'properties',
    (value, argument, path, { validator, complain }) => {
      if (!isObject(value)) return;
      for (const [name, schema] of Object.entries(argument as Readonly<Record<string, Schema>>))
        if (Object.hasOwn(value, name)) validator.check(value[name], schema, join(path, name), complain);
    },
  ],
  [
    'additionalProperties',
    (value, argument, path, { schema, validator, complain }) => {
      if (!isObject(value)) return;
      const named = isObject(schema['properties']) ? schema['properties'] : {};
      for (const name of Object.keys(value).filter((key) => !Object.hasOwn(named, key))) {
        if (argument === false) complain(path, `has an unknown field ${name}`);
        else validator.check(value[name], argument as Schema, join(path, name), complain);
      }
    },
  ],
  [
    'maxProperties',
    (value, argument, path, { complain }) => {
      if (isObject(value) && Object.keys(value).length > Number(argument))
        complain(path, `has more fields than ${String(argument)}`);
    },
  ],
  [
    'items',
    (value, argument, path, { validator, complain }) => {
      if (!Array.isArray(value)) return;
      for (const [i, item] of value.entries())
        validator.check(item, argument as Schema, `${path}[${i}]`, complain);
    },
  ],
  ['minItems', onArrays((list, least) => list.length < Number(least), 'has fewer items than')],
  ['maxItems', onArrays((list, most) => list.length > Number(most), 'has more items than')],
  ['uniqueItems', onArrays((list) => new Set(list).size < list.length, 'repeats an item; unique:')],
  ['minLength', onStrings((text, least) => text.length < Number(least), 'is shorter than')],
  ['maxLength', onStrings((text, most) => text.length > Number(most), 'is longer than')],
  ['pattern', onStrings((text, source) => !new RegExp(String(source)).test(text), 'does not match')],
  [
    'format',
    onStrings((text, name) => name !== 'date-time' || !DATE_TIME.test(text), 'is not of the format'),
  ],
  ['minimum', onNumbers((number, least) => number < least, 'below')],
  ['maximum', onNumbers((number, most) => number > most, 'above')],
  ['exclusiveMinimum', onNumbers((number, bound) => number <= bound, 'not above')],
]);

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);
