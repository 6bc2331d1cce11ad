import { expect } from 'chai';
import { Validator, type Schema } from '../../../conformance/contract/schema.ts';

const complaints = (schema: Schema, value: unknown): string[] => new Validator({}).complaints(value, schema);

describe('the JSON Schema checker', () => {
  const cases: readonly (readonly [title: string, schema: Schema, good: unknown, bad: unknown])[] = [
    ['type: string', { type: 'string' }, 'a', 1],
    ['type: integer', { type: 'integer' }, 1, 1.5],
    ['type: number', { type: 'number' }, 1.5, '1'],
    ['type: boolean', { type: 'boolean' }, false, 0],
    ['type: array', { type: 'array' }, [], {}],
    ['type: object', { type: 'object' }, {}, []],
    ['type: object against null', { type: 'object' }, {}, null],
    ['const', { const: 'ping' }, 'ping', 'pong'],
    ['enum', { enum: ['a', 'b'] }, 'b', 'c'],
    ['required', { required: ['a'] }, { a: undefined }, { b: 1 }],
    ['properties', { properties: { a: { type: 'string' } } }, { a: 'x' }, { a: 1 }],
    [
      'additionalProperties: false',
      { properties: { a: {} }, additionalProperties: false },
      { a: 1 },
      { b: 1 },
    ],
    ['additionalProperties: a schema', { additionalProperties: { type: 'integer' } }, { a: 1 }, { a: 'x' }],
    ['maxProperties', { maxProperties: 1 }, { a: 1 }, { a: 1, b: 2 }],
    ['items', { items: { type: 'integer' } }, [1, 2], [1, 'x']],
    ['minItems', { minItems: 1 }, [1], []],
    ['maxItems', { maxItems: 1 }, [1], [1, 2]],
    ['uniqueItems', { uniqueItems: true }, [1, 2], [1, 1]],
    ['minLength', { minLength: 1 }, 'a', ''],
    ['maxLength, in UTF-16 units', { maxLength: 2 }, '🙂', '🙂🙂'],
    ['pattern', { pattern: '^a+$' }, 'aa', 'ab'],
    ['format: date-time', { format: 'date-time' }, '2026-11-21T08:00:00.000Z', 'yesterday'],
    ['minimum', { minimum: 1 }, 1, 0],
    ['maximum', { maximum: 1 }, 1, 2],
  ];
  for (const [title, schema, good, bad] of cases) {
    it(`judges ${title}`, () => {
      expect(complaints(schema, good)).to.deep.equal([]);
      expect(complaints(schema, bad)).to.have.length(1);
    });
  }

  it('says where it is that something is wrong', () => {
    const schema = { properties: { rooms: { items: { properties: { id: { type: 'string' } } } } } };
    expect(complaints(schema, { rooms: [{ id: 'a' }, { id: 1 }] })).to.deep.equal([
      'rooms[1].id: is not of type string',
    ]);
  });

  it('follows references within the document, into properties too', () => {
    const validator = new Validator({ schemas: { Room: { properties: { id: { type: 'string' } } } } });
    expect(validator.complaints(1, { $ref: '#/schemas/Room/properties/id' })).to.have.length(1);
    expect(() => validator.complaints(1, { $ref: '#/schemas/User' })).to.throw('nothing stands at');
  });

  it('refuses a keyword it does not know, rather than passing over it', () => {
    expect(() => complaints({ oneOf: [] }, 1)).to.throw('oneOf');
  });

  it('does not take what every object inherits for a field', () => {
    expect(complaints({ required: ['toString'] }, {})).to.have.length(1);
    expect(complaints({ properties: {}, additionalProperties: false }, { constructor: 1 })).to.have.length(1);
  });
});
