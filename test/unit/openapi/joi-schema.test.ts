import { expect } from 'chai';
import Joi from 'joi';
import { toJsonSchema } from '../../../api/openapi/joi-schema.ts';
import { createRoom } from '../../../api/routes/schemas/rooms.ts';
import { messageQuery } from '../../../api/routes/schemas/messages.ts';
import { id, text } from '../../../shared/node/schemas.ts';

describe('a joi schema as JSON Schema', () => {
  const cases: readonly (readonly [title: string, joi: Joi.Schema, schema: object])[] = [
    ['a text', Joi.string().max(9), { type: 'string', minLength: 1, maxLength: 9 }],
    ['a text that may be empty', Joi.string().allow(''), { type: 'string' }],
    ['checks in code, by their meta', id, { type: 'string', pattern: '^[0-9a-f]{24}$', minLength: 1 }],
    ['words', Joi.string().valid('a', 'b'), { type: 'string', minLength: 1, enum: ['a', 'b'] }],
    [
      'a whole number with a default',
      Joi.number().integer().min(1).max(5).default(2),
      { type: 'integer', minimum: 1, maximum: 5, default: 2 },
    ],
    [
      'a list',
      Joi.array().items(Joi.boolean()).min(1).unique(),
      { type: 'array', items: { type: 'boolean' }, minItems: 1, uniqueItems: true },
    ],
    [
      'an object',
      Joi.object({ a: text(3).required(), b: Joi.number() }).min(1),
      {
        type: 'object',
        properties: { a: { type: 'string', minLength: 1, maxLength: 3 }, b: { type: 'number' } },
        required: ['a'],
        additionalProperties: false,
        minProperties: 1,
      },
    ],
    [
      'an object by keys of a form',
      Joi.object().pattern(Joi.string(), Joi.number()),
      { type: 'object', additionalProperties: { type: 'number' } },
    ],
  ];
  for (const [title, joi, schema] of cases)
    it(`says ${title}`, () => {
      expect(toJsonSchema(joi)).to.deep.equal(schema);
    });

  it('says what one field’s value asks of another', () => {
    const { allOf } = toJsonSchema(createRoom) as { readonly allOf: readonly object[] };
    expect(allOf).to.deep.include({
      if: { properties: { type: { enum: ['dm'] } } },
      then: { required: ['user'] },
      else: { not: { required: ['user'] } },
    });
  });

  it('says which fields exclude each other', () => {
    const { allOf } = toJsonSchema(messageQuery) as { readonly allOf: readonly object[] };
    expect(allOf).to.deep.include({ not: { required: ['before', 'after'] } });
  });
});
