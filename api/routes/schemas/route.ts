import type Joi from 'joi';

/** What a route takes: the same objects check requests, describe the API and steer the fuzz tests. */
export interface RouteSchema {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Under the API's prefix, in Express's notation. */
  readonly path: string;
  /** Needs no access token. */
  readonly open?: true;
  readonly params?: Joi.ObjectSchema;
  readonly query?: Joi.ObjectSchema;
  readonly body?: Joi.ObjectSchema;
}
