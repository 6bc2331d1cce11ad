/** What joi's `describe()` tells, as JSON Schema: the document says what the parsers do. */
import type Joi from 'joi';
import type { JsonSchema } from './schema.ts';

interface Rule {
  readonly name: string;
  readonly args?: {
    readonly limit?: unknown;
    readonly regex?: string;
    readonly options?: { readonly invert?: boolean };
  };
}
interface When {
  readonly ref?: { readonly path: readonly string[] };
  readonly is?: Description;
  readonly then?: Description;
  readonly otherwise?: Description;
}
/** The part of joi's description that ours use. */
interface Description {
  readonly type?: string;
  readonly flags?: {
    readonly presence?: string;
    readonly only?: boolean;
    readonly default?: unknown;
    readonly result?: string;
    readonly unknown?: boolean;
    readonly description?: string;
  };
  readonly rules?: readonly Rule[];
  readonly allow?: readonly unknown[];
  readonly metas?: readonly { readonly schema?: JsonSchema }[];
  readonly examples?: readonly unknown[];
  readonly keys?: Readonly<Record<string, Description>>;
  readonly items?: readonly Description[];
  readonly matches?: readonly { readonly schema?: Description }[];
  readonly patterns?: readonly { readonly rule?: Description }[];
  readonly dependencies?: readonly { readonly rel: string; readonly peers?: readonly string[] }[];
  readonly whens?: readonly When[];
}

/** The JSON Schema of what `schema` accepts. What only code can check (`custom`) is in its `meta({ schema })`. */
export function toJsonSchema(schema: Joi.Schema): JsonSchema {
  return convert(schema.describe() as Description);
}

/** The fields of an object, each with its schema and whether it must be given. */
export function fieldsOf(
  schema: Joi.ObjectSchema | undefined,
): { readonly name: string; readonly required: boolean; readonly schema: JsonSchema }[] {
  const keys = (schema?.describe() as Description | undefined)?.keys ?? {};
  return Object.entries(keys).map(([name, key]) => ({
    name,
    required: key.flags?.presence === 'required',
    schema: convert(key),
  }));
}

function convert(description: Description): JsonSchema {
  const { flags = {}, metas = [], examples = [] } = description;
  return {
    ...typeOf(description),
    ...rulesOf(description),
    ...wordsOf(description),
    ...(flags.description === undefined ? {} : { description: flags.description }),
    ...(flags.default === undefined || Array.isArray(flags.default) ? {} : { default: flags.default }),
    ...(examples.length === 0 ? {} : { examples }),
    ...Object.assign({}, ...metas.map((meta) => meta.schema ?? {})),
  };
}

function typeOf(description: Description): JsonSchema {
  switch (description.type) {
    case 'object':
      return objectOf(description);
    case 'array':
      return { type: 'array', items: firstOf(description.items) };
    case 'date':
      return { type: 'string', format: 'date-time', description: 'A date (midnight, UTC) or a time.' };
    case 'alternatives':
      return { anyOf: (description.matches ?? []).map(({ schema }) => convert(schema ?? {})) };
    case 'number':
      return { type: has(description, 'integer') ? 'integer' : 'number' };
    case 'string':
    case 'boolean':
      return { type: description.type };
    default:
      return {};
  }
}

const firstOf = (items: readonly Description[] = []): JsonSchema => {
  const [only, ...others] = items.map(convert);
  return others.length === 0 ? (only ?? {}) : { anyOf: [only, ...others] };
};
const has = ({ rules = [] }: Description, name: string): boolean => rules.some((rule) => rule.name === name);

function objectOf(description: Description): JsonSchema {
  const keys = Object.entries(description.keys ?? {});
  const required = keys.filter(([, key]) => key.flags?.presence === 'required').map(([name]) => name);
  const values = description.patterns?.[0]?.rule;
  const conditions = [
    ...keys.flatMap(([name, key]) => conditionsOf(name, key)),
    ...exclusionsOf(description),
  ];
  return {
    type: 'object',
    ...(keys.length === 0 ? {} : { properties: Object.fromEntries(keys.map(([k, v]) => [k, convert(v)])) }),
    ...(required.length === 0 ? {} : { required }),
    ...(description.flags?.unknown === true
      ? {}
      : { additionalProperties: values === undefined ? false : convert(values) }),
    ...(conditions.length === 0 ? {} : { allOf: conditions }),
  };
}

/** `when`: a field that is required or forbidden by what another one says. */
function conditionsOf(name: string, { whens = [] }: Description): JsonSchema[] {
  return whens.flatMap(({ ref, is, then, otherwise }) => {
    const [other] = ref?.path ?? [];
    if (other === undefined || is === undefined) return [];
    const presence = (side: Description | undefined): JsonSchema => {
      if (side?.flags?.presence === 'required') return { required: [name] };
      return side?.flags?.presence === 'forbidden' ? { not: { required: [name] } } : {};
    };
    const values = { enum: plain(is.allow) };
    return [{ if: { properties: { [other]: values } }, then: presence(then), else: presence(otherwise) }];
  });
}

/** `oxor`: at most one of them. */
function exclusionsOf({ dependencies = [] }: Description): JsonSchema[] {
  return dependencies.flatMap(({ rel, peers = [] }) => {
    if (rel !== 'oxor') return [];
    const pairs = peers.flatMap((a, i) => peers.slice(i + 1).map((b) => ({ not: { required: [a, b] } })));
    return pairs;
  });
}

/** Allowed values without joi's own marks, which are objects. */
const plain = (allow: readonly unknown[] = []): unknown[] =>
  allow.filter((value) => typeof value !== 'object');

function wordsOf({ flags, allow }: Description): JsonSchema {
  const words = plain(allow);
  return flags?.only === true && words.length > 0 ? { enum: words } : {};
}

const LIMITS: Readonly<Record<string, readonly [min: string, max: string]>> = {
  string: ['minLength', 'maxLength'],
  number: ['minimum', 'maximum'],
  array: ['minItems', 'maxItems'],
  object: ['minProperties', 'maxProperties'],
};

function rulesOf(description: Description): JsonSchema {
  const { type = '', rules = [], allow = [] } = description;
  const [min, max] = LIMITS[type] ?? [];
  const found: Record<string, unknown> = {};
  for (const { name, args } of rules) {
    if (name === 'min' && min !== undefined && args?.limit !== 0) found[min] = args?.limit;
    if (name === 'max' && max !== undefined) found[max] = args?.limit;
    if (name === 'length' && min !== undefined && max !== undefined)
      Object.assign(found, { [min]: args?.limit, [max]: args?.limit });
    if (name === 'pattern' && args?.options?.invert !== true) Object.assign(found, patternOf(args?.regex));
    if (name === 'email') found['format'] = 'email';
    if (name === 'isoDate') found['format'] = 'date-time';
    if (name === 'uri') found['format'] = 'uri';
    if (name === 'unique') found['uniqueItems'] = true;
  }
  // joi refuses an empty text unless it is allowed.
  const isText = type === 'string' && !allow.includes('') && !has(description, 'min');
  return { ...(isText && !('pattern' in found) ? { minLength: 1 } : {}), ...found };
}

/** As a JSON Schema's `pattern`, which knows no flags: one that needs them stays unsaid. */
function patternOf(regex: string | undefined): JsonSchema {
  const parts = /^\/(.*)\/([a-z]*)$/s.exec(regex ?? '');
  return parts?.[1] === undefined || parts[2] !== '' ? {} : { pattern: parts[1] };
}
