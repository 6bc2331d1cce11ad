import Joi from 'joi';
import { id } from '../../../shared/node/schemas.ts';
import type { LoginBody, RegisterBody } from '../../../shared/wire/rest.ts';
import { anyPassword, displayName, email, newPassword, username } from './common.ts';

/** 24 hex digits would be taken for an id wherever users are named by either. */
const newUsername = username.pattern(/^[0-9a-f]{24}$/, { invert: true, name: 'an id' });

export const register = Joi.object<RegisterBody>({
  username: newUsername.required(),
  password: newPassword.required(),
  email,
  displayName,
  cookie: Joi.boolean().strict(),
});
/** Also as a form, where everything is text; OAuth2 tools send more fields than we need. */
export const login = Joi.object<LoginBody & Record<string, unknown>>({
  username: Joi.string().max(254).required(),
  password: anyPassword.required(),
  cookie: Joi.boolean(),
  grant_type: Joi.string().valid('password', '').strip(),
  scope: Joi.string().allow('').max(256).strip(),
  client_id: Joi.string().allow('').max(256).strip(),
  client_secret: Joi.string().allow('').max(256).strip(),
});
const refreshToken = Joi.string().max(256);
export const refresh = Joi.object<{ refreshToken?: string }>({ refreshToken });
export const logout = Joi.object<{ refreshToken?: string }>({ refreshToken });
export const changePassword = Joi.object<{ currentPassword: string; newPassword: string }>({
  currentPassword: anyPassword.required(),
  newPassword: newPassword.required(),
});
export const resetPassword = Joi.object<{ token: string; newPassword: string }>({
  token: Joi.string().max(256).required(),
  newPassword: newPassword.required(),
});
export const sessionParams = Joi.object<{ session: string }>({ session: id.required() });
