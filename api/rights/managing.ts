import { cells, MANAGERS, MEMBERS_OF_GROUPS, OWNER } from './cells.ts';
import type { RoomRight } from './right.ts';

const FIXED = 'A direct conversation cannot be changed.';
const BY_MANAGERS = { forbidden: 'Only owners and admins of this room may do that.', dm: FIXED } as const;

/** Who comes in and goes, and who looks after a room. */
export const MANAGING = {
  'room.join': {
    title: 'Join',
    calls: ['POST /rooms/:room/join'],
    cells: {
      private: { stranger: 'not_found', member: 'yes', admin: 'yes', owner: 'yes' },
      public: { stranger: 'yes', member: 'yes', admin: 'yes', owner: 'yes' },
      dm: { stranger: 'not_found', member: 'yes', blocked: 'yes' },
    },
  },
  'invite.join': {
    title: 'Come in by an invite link',
    calls: ['POST /invites/:token/join'],
    cells: cells({ stranger: 'yes', member: 'yes', admin: 'yes', owner: 'yes' }),
  },
  'room.leave': {
    title: 'Leave',
    calls: ['POST /rooms/:room/leave', 'DELETE /rooms/:room/members/:user'],
    cells: cells(
      { stranger: 'not_found', member: 'yes', admin: 'yes', owner: 'conflict' },
      { stranger: 'not_found', member: 'conflict', blocked: 'conflict' },
    ),
    refusals: {
      conflict: 'Make somebody else the owner first, or delete the room.',
      dm: 'A direct conversation cannot be left.',
    },
  },
  'member.add': {
    title: 'Add people',
    calls: ['POST /rooms/:room/members'],
    cells: MANAGERS,
    refusals: BY_MANAGERS,
  },
  'member.remove': {
    title: 'Remove a member',
    calls: ['DELETE /rooms/:room/members/:user'],
    cells: MANAGERS,
    refusals: BY_MANAGERS,
  },
  'member.removeAdmin': {
    title: 'Remove an admin',
    calls: ['DELETE /rooms/:room/members/:user'],
    cells: { ...OWNER, dm: {} },
    refusals: { forbidden: 'Only the owner may remove an admin.', dm: FIXED },
  },
  'member.role': {
    title: 'Make somebody an admin or a member',
    calls: ['PATCH /rooms/:room/members/:user'],
    cells: OWNER,
    refusals: { forbidden: 'Only the owner may change roles.', dm: FIXED },
  },
  'room.handOver': {
    title: 'Make somebody else the owner',
    calls: ['PATCH /rooms/:room/members/:user'],
    cells: OWNER,
    refusals: { forbidden: 'Only the owner may change roles.', dm: FIXED },
  },
  'room.settings': {
    title: 'Change name, topic, or (of a channel) whether it is public',
    calls: ['PATCH /rooms/:room'],
    cells: MANAGERS,
    refusals: BY_MANAGERS,
  },
  'room.delete': {
    title: 'Delete the room',
    calls: ['DELETE /rooms/:room'],
    cells: OWNER,
    refusals: {
      forbidden: 'Only the owner may delete the room.',
      dm: 'A direct conversation cannot be deleted.',
    },
  },
  'invite.create': {
    title: 'Make invite links, and list one’s own',
    calls: ['POST /rooms/:room/invites', 'GET /rooms/:room/invites'],
    cells: { ...MANAGERS, public: MEMBERS_OF_GROUPS.public },
    refusals: { forbidden: 'Only owners and admins of this room may invite by link.', dm: FIXED },
  },
  'invite.others': {
    title: 'See invite links that others made',
    calls: ['GET /rooms/:room/invites'],
    cells: {
      ...MANAGERS,
      public: { stranger: 'not_found', member: 'hidden', admin: 'yes', owner: 'yes' },
    },
  },
  'invite.revokeOwn': {
    title: 'Revoke an invite link one made',
    calls: ['DELETE /rooms/:room/invites/:invite'],
    cells: { ...MEMBERS_OF_GROUPS, dm: {} },
  },
  'invite.revokeOther': {
    title: 'Revoke an invite link that somebody else made',
    calls: ['DELETE /rooms/:room/invites/:invite'],
    cells: {
      private: { stranger: 'not_found', member: 'not_found', admin: 'yes', owner: 'yes' },
      public: { stranger: 'not_found', member: 'not_found', admin: 'yes', owner: 'yes' },
      dm: {},
    },
  },
} as const satisfies Readonly<Record<string, RoomRight>>;
