import { mongo } from 'mongoose';
import { ResetTokens } from '../../../api/services/reset-tokens.ts';
import { readApiConfig } from '../../../shared/node/config.ts';
import type { ApiNode } from '../api-node.ts';
import type { Wire } from './world.ts';

/** Straight to one node, every answer held to the OpenAPI document. */
export function apiWire(api: ApiNode): Wire {
  return {
    call: (method, path, options) => api.call(method, path, options),
    register: (prefix) => api.register(prefix),
    upload: async (token, query, bytes) => {
      const response = await fetch(`${api.origin}/api/v1/attachments?${query}`, {
        method: 'POST',
        headers: token === '' ? {} : { authorization: `Bearer ${token}` },
        body: new Uint8Array(bytes),
      });
      return { status: response.status, body: await response.json() };
    },
  };
}

/** Makes tokens as the admin command does, with the secret of tests. */
export function resetTokens(db: mongo.Db): (user: string) => Promise<string> {
  const { REFRESH_SECRET } = readApiConfig({ NODE_ENV: 'test' });
  const tokens = new ResetTokens(REFRESH_SECRET);
  return async (user) => {
    const found = await db.collection('users').findOne({ _id: new mongo.ObjectId(user) });
    return tokens.create({ id: user, passwordHash: String(found?.['passwordHash']) });
  };
}
