import type { Message } from '../../../../shared/wire/rest.ts';
import { countsAsUnread } from '../../../../shared/wire/unread.ts';
import { mayForward } from '../chat/forwarding.ts';
import { formatRoute } from '../routes.ts';
import type { App } from './app.svelte.ts';
import type { Conversation } from './conversation.svelte.ts';
import { copyText } from './copy.ts';
import type { DialogName } from './dialogs.svelte.ts';
import { markUnread } from './mark-unread.ts';

export type MessageActionName =
  | 'reply'
  | 'thread'
  | 'forward'
  | 'copy'
  | 'link'
  | 'unread'
  | 'pin'
  | 'unpin'
  | 'seen'
  | 'versions'
  | 'edit'
  | 'delete';

/** One thing that can be done with a message, whether by the mouse, by a finger or by a key. */
export interface MessageAction {
  readonly name: MessageActionName;
  readonly label: string;
  /** Does it where the message has the keyboard: as in `KeyboardEvent.key`. */
  readonly key?: string;
  /** Takes something away for good. */
  readonly danger?: boolean;
  readonly does: Doing;
}
/** `back` puts the keyboard back onto the message. */
type Doing = { readonly dialog: DialogName } | { readonly run: (back: () => void) => void };

export interface MessagePlace {
  readonly conversation: Conversation;
  readonly message: Message;
  /** In a thread's pane. */
  readonly inThread: boolean;
}

/** All that one may do with a stored message beside reacting to it; what is needed most comes first. */
export function messageActions(
  { conversation, message, inThread }: MessagePlace,
  app: Pick<App, 'notify' | 'meId' | 'blocked' | 'client' | 'router' | 'places'>,
): readonly MessageAction[] {
  const { notify } = app;
  const dialog = (name: 'forward' | 'seen-by' | 'edits' | 'delete-message'): Doing => ({
    dialog: { name, conversation, message },
  });
  const run = (work: (back: () => void) => void): Doing => ({ run: work });
  const copy = (text: string, done: string): Doing => run(() => void copyText(text, notify, { done }));
  const pin = (on: boolean): Doing => run(() => void conversation.pin(message, on));
  const isPinned = message.pinnedAt !== undefined;

  const all: readonly (MessageAction | false)[] = [
    {
      name: 'reply',
      label: 'Reply',
      key: 'r',
      does: run(() => {
        conversation.reply(message, inThread);
      }),
    },
    !inThread && {
      name: 'thread',
      label: 'Reply in thread',
      key: 't',
      does: run(() => {
        conversation.openThread(message.seq);
      }),
    },
    mayForward(message) && { name: 'forward', label: 'Forward', key: 'f', does: dialog('forward') },
    message.text !== '' && {
      name: 'copy',
      label: 'Copy text',
      key: 'c',
      does: copy(message.text, 'Copied'),
    },
    { name: 'link', label: 'Copy link', key: 'l', does: copy(linkTo(message), 'Link copied') },
    !inThread &&
      countsAsUnread(message, app.meId, app.blocked) && {
        name: 'unread',
        label: 'Mark unread from here',
        key: 'u',
        does: run(() => {
          markUnread(app, message.room, { from: message.seq }).catch(notify.failure);
        }),
      },
    conversation.mayPin(message) &&
      (isPinned
        ? { name: 'unpin', label: 'Unpin', does: pin(false) }
        : { name: 'pin', label: 'Pin', does: pin(true) }),
    conversation.hasReceipts && { name: 'seen', label: 'Seen by', does: dialog('seen-by') },
    message.editedAt !== undefined && {
      name: 'versions',
      label: 'Earlier versions',
      does: dialog('edits'),
    },
    conversation.mayEdit(message) && {
      name: 'edit',
      label: 'Edit',
      key: 'e',
      does: run((back) => {
        conversation.changes.begin(message, back);
      }),
    },
    conversation.mayRemove(message) && {
      name: 'delete',
      label: 'Delete',
      key: 'Delete',
      danger: true,
      does: dialog('delete-message'),
    },
  ];
  return all.filter((action) => action !== false);
}

/** Does it where what offered it stays or goes away by itself. */
export function perform({ does }: MessageAction, { dialogs }: Pick<App, 'dialogs'>, back: () => void): void {
  if ('run' in does) return does.run(back);
  // What opens gives the keyboard back to what had it.
  back();
  dialogs.show(does.dialog);
}

/** The address at which a member sees this message in its conversation or its thread. */
function linkTo({ room, seq, thread }: Message): string {
  const path = formatRoute({
    name: 'room',
    id: room,
    details: false,
    message: seq,
    ...(thread === undefined ? {} : { thread }),
  });
  return new URL(path, location.origin).href;
}
