import type { Operations } from '../operation.ts';
import { attachmentOperations } from './attachments.ts';
import { authOperations } from './auth.ts';
import { draftOperations } from './drafts.ts';
import { messageOperations } from './messages.ts';
import { roomOperations } from './rooms.ts';
import { serviceOperations } from './service.ts';
import { threadOperations } from './threads.ts';
import { userOperations } from './users.ts';

/** What is said of every route; tests hold it to the list of routes. */
export const OPERATIONS: Operations = {
  ...authOperations,
  ...userOperations,
  ...roomOperations,
  ...messageOperations,
  ...threadOperations,
  ...draftOperations,
  ...attachmentOperations,
  ...serviceOperations,
};
