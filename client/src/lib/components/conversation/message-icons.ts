import CircleDot from '@lucide/svelte/icons/circle-dot';
import Copy from '@lucide/svelte/icons/copy';
import Eye from '@lucide/svelte/icons/eye';
import Forward from '@lucide/svelte/icons/forward';
import History from '@lucide/svelte/icons/history';
import Link from '@lucide/svelte/icons/link';
import MessageSquareText from '@lucide/svelte/icons/message-square-text';
import Pencil from '@lucide/svelte/icons/pencil';
import Pin from '@lucide/svelte/icons/pin';
import PinOff from '@lucide/svelte/icons/pin-off';
import Reply from '@lucide/svelte/icons/reply';
import Trash from '@lucide/svelte/icons/trash-2';
import type { MessageActionName } from '../../state/message-actions.ts';

/** What stands before the words of each action in a menu. */
export const MESSAGE_ICONS: Readonly<Record<MessageActionName, typeof Copy>> = {
  reply: Reply,
  thread: MessageSquareText,
  forward: Forward,
  copy: Copy,
  link: Link,
  unread: CircleDot,
  pin: Pin,
  unpin: PinOff,
  seen: Eye,
  versions: History,
  edit: Pencil,
  delete: Trash,
};
