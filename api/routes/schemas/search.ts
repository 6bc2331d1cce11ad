import Joi from 'joi';
import { id, text } from '../../../shared/node/schemas.ts';
import { FEATURES, type Feature } from '../../../shared/wire/search.ts';
import { commaList, page, userRef, type Page } from './common.ts';

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
  has: commaList(features, 100, `some of ${FEATURES.join(', ')}`),
  ...page,
})
  .or('q', 'from', 'has')
  .messages({ 'object.missing': 'q, from or has is required' });
export const mentionQuery = Joi.object<Page>(page);
