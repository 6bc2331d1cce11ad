import { SAMPLE, type Operations } from '../operation.ts';

const { room } = SAMPLE;
const params = { room };

export const roomOperations: Operations = {
  'GET /rooms': { summary: 'My rooms, latest activity first', answers: { 200: 'RoomList' }, example: {} },
  'POST /rooms': {
    summary: 'Create a room, or open a direct conversation',
    description: '200 with the existing one where the two have a conversation, or where `clientId` is known.',
    answers: { 200: 'Room', 201: 'Room' },
    errors: ['not_found', 'conflict'],
    example: { body: { type: 'group', name: 'Lunch', members: [SAMPLE.member] } },
  },
  'GET /rooms/public': {
    summary: 'Channels that anyone may join',
    answers: { 200: 'PublicRoomList' },
    example: { query: { q: 'gen' } },
  },
  'GET /rooms/:room': {
    summary: 'One of my rooms',
    answers: { 200: 'Room' },
    errors: ['not_found'],
    example: { params },
  },
  'PATCH /rooms/:room': {
    summary: 'Change a room, or what it is to me',
    description: '`name`, `topic`, `public`: its owner and admins. `me`: any member.',
    answers: { 200: 'Room' },
    errors: ['forbidden', 'not_found', 'conflict'],
    example: { params, body: { topic: 'What we eat', me: { favourite: true } } },
  },
  'DELETE /rooms/:room': {
    summary: 'Delete a room with all its messages',
    description: 'Its owner only.',
    answers: { 204: null },
    errors: ['forbidden', 'not_found'],
    example: { params },
  },
  'POST /rooms/:room/join': {
    summary: 'Join a public channel',
    answers: { 200: 'Room' },
    errors: ['not_found'],
    example: { params: { room: SAMPLE.publicRoom } },
  },
  'POST /rooms/:room/leave': {
    summary: 'Leave a room',
    description: 'An owner hands it over first.',
    answers: { 204: null },
    errors: ['forbidden', 'not_found', 'conflict'],
    example: { params: { room: SAMPLE.joinedRoom } },
  },
  'GET /rooms/:room/members': {
    summary: 'Who is in a room, and how far they have read',
    answers: { 200: 'MemberList' },
    errors: ['not_found'],
    example: { params },
  },
  'POST /rooms/:room/members': {
    summary: 'Add people',
    answers: { 200: 'MemberList' },
    errors: ['forbidden', 'not_found'],
    example: { params, body: { users: [SAMPLE.stranger] } },
  },
  'PATCH /rooms/:room/members/:user': {
    summary: 'Change somebody’s role',
    description: '`owner` hands the room over.',
    answers: { 200: 'Member' },
    errors: ['forbidden', 'not_found', 'conflict'],
    example: { params: { room, user: SAMPLE.member }, body: { role: 'admin' } },
  },
  'DELETE /rooms/:room/members/:user': {
    summary: 'Remove somebody',
    answers: { 204: null },
    errors: ['forbidden', 'not_found', 'conflict'],
    example: { params: { room, user: SAMPLE.member } },
  },
  'POST /rooms/:room/invites': {
    summary: 'Make an invite link',
    description: 'Its token is told here only.',
    answers: { 201: 'CreatedInvite' },
    errors: ['forbidden', 'not_found', 'conflict'],
    example: { params, body: { expiresIn: 86_400, maxUses: 10 } },
  },
  'GET /rooms/:room/invites': {
    summary: 'The invite links of a room',
    answers: { 200: 'InviteList' },
    errors: ['forbidden', 'not_found'],
    example: { params },
  },
  'DELETE /rooms/:room/invites/:invite': {
    summary: 'Revoke an invite link',
    answers: { 204: null },
    errors: ['forbidden', 'not_found'],
    example: { params: { room, invite: SAMPLE.invite } },
  },
  'GET /invites/:token': {
    summary: 'Where an invite link leads',
    answers: { 200: 'InvitePreview' },
    errors: ['not_found'],
    example: { params: { token: SAMPLE.inviteToken } },
  },
  'POST /invites/:token/join': {
    summary: 'Join by an invite link',
    answers: { 200: 'Room' },
    errors: ['forbidden', 'not_found', 'conflict'],
    example: { params: { token: SAMPLE.inviteToken } },
  },
};
