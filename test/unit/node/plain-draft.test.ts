import { expect } from 'chai';
import fc from 'fast-check';
import Joi from 'joi';
import { isPlainDraft } from '../../../shared/node/plain-draft.ts';
import { draft, draftWith, id } from '../../../shared/node/schemas.ts';

const ROOM = 'a'.repeat(24);
const schema = draftWith({ type: Joi.string().required(), room: id.required() } as object);
const PLAIN = { type: 'send', room: ROOM, clientId: 'c', text: 'hello' };
const isPlain = (value: unknown): boolean => isPlainDraft(value, ['room'], 'send');

/** Values that a field may hold and, more often, may not. */
const odd = fc.oneof(
  fc.anything(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '',
    '\0',
    'a\0b',
    '\ud800',
    'x'.repeat(64),
    'x'.repeat(65),
    'x'.repeat(8_000),
    'x'.repeat(8_001),
  ),
  fc.constantFrom(
    ROOM,
    ROOM.toUpperCase(),
    `${ROOM}0`,
    `${ROOM}\n`,
    0,
    -0,
    -1,
    1.5,
    2 ** 47,
    2 ** 47 + 1,
    NaN,
    '1',
    null,
  ),
  fc.constantFrom([], {}, true, { $ne: null }),
);
const field = fc.constantFrom(
  'type',
  'room',
  'clientId',
  'text',
  'after',
  'replyTo',
  'user',
  '__proto__',
  'x',
);
const changes = fc.array(fc.tuple(field, odd, fc.boolean()), { maxLength: 3 });

/** Texts of what is seen and what is not. */
const texts = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ' ',
        '\n',
        '\u00a0',
        '\u200b',
        '\u200d',
        '\u202e',
        '\u2066',
        '\u2800',
        '\u3164',
        '\ufe0f',
      ),
      fc.constantFrom(
        '\ufeff',
        '\u00ad',
        '\u{e0061}',
        '\0',
        '\ud83d',
        'x',
        '!',
        'ا',
        'म',
        '👍',
        '❤️',
        '\u06dd',
      ),
      fc.string({ unit: 'binary', maxLength: 1 }),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''));

describe('a plain message', () => {
  it('has the texts that the schema takes, and no other', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const value = { ...PLAIN, text };
        expect(isPlain(value)).to.equal(schema.validate(value).error === undefined);
      }),
      { numRuns: 3_000 },
    );
    for (const text of ['', ' \n', '\u200b', '\u202e\u3164']) {
      expect(isPlain({ ...PLAIN, text })).to.equal(false);
      expect(schema.validate({ ...PLAIN, text, attachments: [ROOM] }).error).to.equal(undefined);
    }
  });

  it('is seen without the schema, with `after` and without', () => {
    expect(isPlain(PLAIN)).to.equal(true);
    expect(isPlain({ ...PLAIN, after: 0 })).to.equal(true);
    expect(isPlainDraft({ clientId: 'c', text: 'x' }, [])).to.equal(true);
  });

  it('is nothing that lacks a field, has one more, or quotes, replies or carries files', () => {
    for (const name of Object.keys(PLAIN)) expect(isPlain({ ...PLAIN, [name]: undefined })).to.equal(false);
    const more = {
      replyTo: 1,
      thread: 1,
      attachments: [],
      forward: { room: ROOM, seq: 1 },
      user: ROOM,
      x: 1,
    };
    for (const [name, value] of Object.entries(more))
      expect(isPlain({ ...PLAIN, [name]: value })).to.equal(false);
    for (const other of [null, undefined, 'text', 1, [], {}]) expect(isPlain(other)).to.equal(false);
  });

  const KINDS = [
    { as: 'a frame', plain: PLAIN, judge: isPlain, schema },
    {
      as: 'a body',
      plain: { clientId: 'c', text: 'hello' },
      judge: (value: unknown) => isPlainDraft(value, []),
      schema: draft,
    },
  ];
  for (const { as, plain, judge, schema: full } of KINDS)
    it(`is never anything that the schema refuses or changes, in ${as}`, () => {
      fc.assert(
        fc.property(changes, (list) => {
          const value: Record<string, unknown> = { ...plain };
          for (const [name, given, isTaken] of list) {
            if (isTaken) Reflect.deleteProperty(value, name);
            else
              Object.defineProperty(value, name, {
                value: given,
                enumerable: true,
                configurable: true,
                writable: true,
              });
          }
          if (!judge(value)) return;
          const checked = full.validate(value);
          expect(checked.error).to.equal(undefined);
          expect(checked.value).to.deep.equal(value);
        }),
        { numRuns: 3_000 },
      );
    });
});
