import Joi from 'joi';
import { id, text } from '../../../shared/node/schemas.ts';
import { FEATURES, type Feature } from '../../../shared/wire/search.ts';
import { page, userRef, type Page } from './common.ts';

export interface SearchParameters extends Page {
  readonly q?: string;
  readonly prefix?: boolean;
  readonly room?: string;
  readonly from?: string;
  readonly after?: Date;
  readonly before?: Date;
  readonly has?: readonly Feature[];
}

/** A date (midnight, UTC) or a time, of a year that is written with four digits. */
const time = Joi.date().iso().min('0000-01-01').max('9999-12-31');
const features = Joi.array()
  .items(Joi.string().valid(...FEATURES))
  .unique();

export const searchQuery = Joi.object<SearchParameters>({
  q: text(200).trim().min(1),
  prefix: Joi.boolean(),
  room: id,
  from: userRef,
  after: time,
  before: time,
  has: Joi.string()
    .max(100)
    .custom((value: string, helpers) => {
      const result = features.validate(value.split(','));
      return result.error === undefined ? (result.value as Feature[]) : helpers.error('has.list');
    })
    .messages({ 'has.list': `{{#label}} must be some of ${FEATURES.join(', ')} with commas between them` }),
  ...page,
})
  .or('q', 'from', 'has')
  .messages({ 'object.missing': 'q, from or has is required' });
export const mentionQuery = Joi.object<Page>(page);
