/** A JSON Schema (2020-12), as OpenAPI 3.1 takes it. */
export type JsonSchema = { readonly [keyword: string]: unknown };

type OptionalKeys<T> = { [K in keyof T]-?: Record<never, never> extends Pick<T, K> ? K : never }[keyof T];
type RequiredKeys<T> = Exclude<keyof T, OptionalKeys<T>>;
type Fields<K extends PropertyKey> = { readonly [P in K]: JsonSchema };

/** The schema of an object of type `T`: a field that is missing, too many or wrongly optional does not compile. */
export function record<T extends object>(
  required: Fields<RequiredKeys<T>>,
  optional: Fields<OptionalKeys<T>>,
  description?: string,
): JsonSchema {
  return {
    type: 'object',
    ...(description === undefined ? {} : { description }),
    ...(Object.keys(required).length === 0 ? {} : { required: Object.keys(required) }),
    properties: { ...required, ...optional },
  };
}

export const list = (items: JsonSchema, more: JsonSchema = {}): JsonSchema => ({
  type: 'array',
  items,
  ...more,
});
export const oneOfWords = <T extends string>(...words: readonly T[]): JsonSchema => ({
  type: 'string',
  enum: words,
});
export const string: JsonSchema = { type: 'string' };
export const boolean: JsonSchema = { type: 'boolean' };
export const count: JsonSchema = { type: 'integer', minimum: 0 };
export const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });
