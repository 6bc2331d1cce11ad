import type { Message, UserSummary } from '../../../../shared/wire/rest.ts';
import type { Conversation } from './conversation.svelte.ts';

export type NewTab = 'person' | 'group' | 'channel' | 'browse';
export type DialogName =
  | { readonly name: 'palette' }
  /** `text`: what stands in the field at first; what is behind `keep` is to be typed over. */
  | { readonly name: 'search'; readonly text: string; readonly keep: number }
  | { readonly name: 'mentions' }
  /** Of somebody, by id or username. */
  | { readonly name: 'profile'; readonly user: string }
  | { readonly name: 'new'; readonly tab: NewTab }
  | { readonly name: 'account' }
  | { readonly name: 'shortcuts' }
  | { readonly name: 'add-people'; readonly room: string }
  | { readonly name: 'refused' }
  /** `pick` is called after it has closed. */
  | { readonly name: 'emoji'; readonly pick: (emoji: string) => void }
  | { readonly name: 'invites' | 'room'; readonly room: string }
  | {
      readonly name: 'send-later';
      readonly room: string;
      readonly text: string;
      readonly replyTo: number | undefined;
      /** The root's seq, where it goes into a thread. */
      readonly thread: number | undefined;
    }
  /** Of a room outside its threads, or of one thread; without a room, all. */
  | { readonly name: 'scheduled'; readonly room?: string; readonly thread?: number | undefined }
  | { readonly name: 'pins'; readonly conversation: Conversation }
  | { readonly name: 'hand-over'; readonly conversation: Conversation; readonly user: UserSummary }
  | MessageDialog;
/** About one message: what can be done with it, or whether it really is to go. */
export interface MessageDialog {
  readonly name: 'message' | 'delete-message' | 'forward' | 'seen-by' | 'edits';
  readonly conversation: Conversation;
  readonly message: Message;
  /** It is shown in a thread's pane. */
  readonly inThread?: boolean;
}

/** Which dialog is open: one at most. Owned by the app. */
export class Dialogs {
  #open: DialogName | undefined = $state.raw();

  get open(): DialogName | undefined {
    return this.#open;
  }
  show(dialog: DialogName): void {
    this.#open = dialog;
  }
  /** Closes `which`, if it is still the one; without it, any. */
  close(which?: DialogName['name']): void {
    if (which === undefined || this.#open?.name === which) this.#open = undefined;
  }
}
