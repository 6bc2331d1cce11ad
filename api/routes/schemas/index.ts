import * as attachments from './attachments.ts';
import * as auth from './auth.ts';
import { roomParams } from './common.ts';
import * as invites from './invites.ts';
import * as drafts from './drafts.ts';
import * as members from './members.ts';
import * as messages from './messages.ts';
import * as presence from './presence.ts';
import { previewQuery } from './previews.ts';
import * as rooms from './rooms.ts';
import type { RouteSchema } from './route.ts';
import { mentionQuery, searchQuery } from './search.ts';
import * as threads from './threads.ts';
import * as users from './users.ts';

/** Every route with what it takes. */
export const ROUTES: readonly RouteSchema[] = [
  { method: 'post', path: '/auth/register', open: true, body: auth.register },
  { method: 'post', path: '/auth/login', open: true, body: auth.login },
  { method: 'post', path: '/auth/refresh', open: true, body: auth.refresh },
  { method: 'post', path: '/auth/logout', open: true, body: auth.logout },
  { method: 'post', path: '/auth/reset', open: true, body: auth.resetPassword },
  { method: 'post', path: '/auth/logout-all' },
  { method: 'get', path: '/auth/sessions' },
  { method: 'delete', path: '/auth/sessions/:session', params: auth.sessionParams },
  { method: 'post', path: '/auth/password', body: auth.changePassword },
  { method: 'get', path: '/users/me' },
  { method: 'patch', path: '/users/me', body: users.patchMe },
  { method: 'delete', path: '/users/me', body: users.deleteMe },
  { method: 'get', path: '/users/me/blocks' },
  { method: 'put', path: '/users/me/blocks/:user', params: users.userParams },
  { method: 'delete', path: '/users/me/blocks/:user', params: users.userParams },
  { method: 'get', path: '/users', query: users.userQuery },
  { method: 'get', path: '/users/:user', params: users.userParams },
  { method: 'get', path: '/presence', query: presence.presenceQuery },
  { method: 'get', path: '/search', query: searchQuery },
  { method: 'get', path: '/mentions', query: mentionQuery },
  { method: 'get', path: '/rooms' },
  { method: 'post', path: '/rooms', body: rooms.createRoom },
  { method: 'get', path: '/rooms/public', query: rooms.publicRoomQuery },
  { method: 'get', path: '/rooms/:room', params: roomParams },
  { method: 'patch', path: '/rooms/:room', params: roomParams, body: rooms.patchRoom },
  { method: 'delete', path: '/rooms/:room', params: roomParams },
  { method: 'post', path: '/rooms/:room/join', params: roomParams },
  { method: 'post', path: '/rooms/:room/leave', params: roomParams },
  { method: 'get', path: '/rooms/:room/members', params: roomParams, query: members.memberQuery },
  { method: 'post', path: '/rooms/:room/members', params: roomParams, body: members.addMembers },
  {
    method: 'patch',
    path: '/rooms/:room/members/:user',
    params: members.memberParams,
    body: members.patchMember,
  },
  { method: 'delete', path: '/rooms/:room/members/:user', params: members.memberParams },
  { method: 'post', path: '/rooms/:room/invites', params: roomParams, body: invites.createInvite },
  { method: 'get', path: '/rooms/:room/invites', params: roomParams },
  { method: 'delete', path: '/rooms/:room/invites/:invite', params: invites.inviteParams },
  { method: 'get', path: '/invites/:token', params: invites.tokenParams },
  { method: 'post', path: '/invites/:token/join', params: invites.tokenParams },
  { method: 'get', path: '/rooms/:room/messages', params: roomParams, query: messages.messageQuery },
  { method: 'post', path: '/rooms/:room/messages', params: roomParams, body: messages.sendMessage },
  {
    method: 'patch',
    path: '/rooms/:room/messages/:seq',
    params: messages.messageParams,
    body: messages.editMessage,
  },
  { method: 'delete', path: '/rooms/:room/messages/:seq', params: messages.messageParams },
  { method: 'get', path: '/rooms/:room/messages/:seq/edits', params: messages.messageParams },
  {
    method: 'put',
    path: '/rooms/:room/messages/:seq/reactions/:emoji',
    params: messages.reactionParams,
  },
  {
    method: 'delete',
    path: '/rooms/:room/messages/:seq/reactions/:emoji',
    params: messages.reactionParams,
  },
  { method: 'put', path: '/rooms/:room/messages/:seq/pin', params: messages.messageParams },
  { method: 'delete', path: '/rooms/:room/messages/:seq/pin', params: messages.messageParams },
  { method: 'get', path: '/rooms/:room/pins', params: roomParams },
  { method: 'get', path: '/rooms/:room/previews', params: roomParams, query: previewQuery },
  { method: 'get', path: '/rooms/:room/log', params: roomParams, query: messages.logQuery },
  { method: 'post', path: '/rooms/:room/read', params: roomParams, body: messages.read },
  { method: 'get', path: '/threads', query: threads.followedQuery },
  { method: 'get', path: '/rooms/:room/threads', params: roomParams, query: threads.threadPage },
  { method: 'get', path: '/rooms/:room/threads/:seq', params: threads.threadParams },
  { method: 'put', path: '/rooms/:room/threads/:seq/follow', params: threads.threadParams },
  { method: 'delete', path: '/rooms/:room/threads/:seq/follow', params: threads.threadParams },
  {
    method: 'post',
    path: '/rooms/:room/threads/:seq/read',
    params: threads.threadParams,
    body: threads.readThread,
  },
  { method: 'post', path: '/rooms/:room/unread', params: roomParams, body: messages.markUnread },
  { method: 'put', path: '/rooms/:room/draft', params: roomParams, body: drafts.draftBody },
  { method: 'post', path: '/rooms/:room/scheduled', params: roomParams, body: drafts.scheduleBody },
  { method: 'get', path: '/drafts' },
  { method: 'get', path: '/scheduled' },
  { method: 'patch', path: '/scheduled/:id', params: drafts.scheduledParams, body: drafts.patchScheduled },
  { method: 'delete', path: '/scheduled/:id', params: drafts.scheduledParams },
  { method: 'post', path: '/attachments', query: attachments.uploadQuery },
  {
    method: 'get',
    path: '/attachments/:attachment',
    params: attachments.attachmentParams,
    query: attachments.downloadQuery,
  },
  { method: 'get', path: '/config' },
  { method: 'get', path: '/healthz', open: true },
  { method: 'get', path: '/readyz', open: true },
  { method: 'get', path: '/openapi.json', open: true },
  { method: 'get', path: '/asyncapi.yaml', open: true },
];
