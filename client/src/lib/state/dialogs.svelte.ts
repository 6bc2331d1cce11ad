export type NewTab = 'person' | 'group' | 'channel' | 'browse';
export type DialogName =
  | { readonly name: 'palette' }
  | { readonly name: 'new'; readonly tab: NewTab }
  | { readonly name: 'account' }
  | { readonly name: 'shortcuts' }
  | { readonly name: 'add-people'; readonly room: string };

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
