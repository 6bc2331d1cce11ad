import Joi from 'joi';

/** So many in so many seconds. */
export interface Limit {
  readonly points: number;
  readonly seconds: number;
}

const FORM = /^([1-9]\d{0,8})\/([1-9]\d{0,5})?([smhd])$/;
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** A variable like `10/15m`: ten in fifteen minutes. */
export const limit = (fallback: string): Joi.Schema =>
  Joi.string()
    .default(() => readLimit(fallback))
    .custom((value: string, helpers) => readLimit(value) ?? helpers.error('limit.form'))
    .messages({
      'limit.form': '{{#label}} must be a count and a time with a slash between them, like 10/15m',
    });

/** undefined for what has another form. */
export function readLimit(text: string): Limit | undefined {
  const [, points, times = '1', unit = ''] = FORM.exec(text) ?? [];
  const seconds = SECONDS[unit];
  if (points === undefined || seconds === undefined) return undefined;
  return { points: Number(points), seconds: Number(times) * seconds };
}
