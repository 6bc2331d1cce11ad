import Joi from 'joi';
import { id, line } from '../../../shared/node/schemas.ts';
import type { UploadRequest } from '../../services/attachments/uploads.ts';
import { commaList } from './common.ts';

const MAX_NAME = 255;
/** A day. */
const MAX_SECONDS = 86_400;
const MAX_POINTS = 64;
/** Separators of paths. */
const UNWANTED = /[/\\]/gu;

const points = Joi.array().items(Joi.number().integer().min(0).max(100)).min(1).max(MAX_POINTS);

/** `duration` and `waveform` are kept of sound only: seconds, and numbers from 0 to 100 with commas between them. */
export const uploadQuery = Joi.object<UploadRequest>({
  room: id.required(),
  name: line(MAX_NAME)
    .required()
    .custom((value: string) => value.replace(UNWANTED, '_')),
  duration: Joi.number().min(0).max(MAX_SECONDS),
  waveform: commaList(points, MAX_POINTS * 4, `1 to ${MAX_POINTS} numbers from 0 to 100`),
});
export const attachmentParams = Joi.object<{ attachment: string }>({ attachment: id.required() });
/** Any value, none included, asks for the small picture. */
export const downloadQuery = Joi.object<{ thumb?: string }>({ thumb: Joi.string().max(16).allow('') });
