import { seqOf } from '../chat/rows.ts';
import type { Conversation } from '../state/conversation.svelte.ts';
import type { ScrollKeeper } from './keeper.svelte.ts';

interface Scene {
  readonly conversation: Conversation;
  readonly keeper: ScrollKeeper;
  readonly scroller: () => HTMLElement | undefined;
  readonly goToEnd: () => void;
}

/** Puts the keyboard onto a message, if it is drawn. */
export function focusMessage(scroller: HTMLElement | undefined, seq: number): void {
  scroller?.querySelector<HTMLElement>(`article[data-seq="${String(seq)}"]`)?.focus({ preventScroll: true });
}

/** Lets a list go where its conversation jumps to, and back. Call while the list's component is made. */
export function bindJumps({ conversation, keeper, scroller, goToEnd }: Scene): void {
  const { wayBack } = conversation;
  $effect(() => {
    const { target } = conversation;
    if (target === undefined || !keeper.placed) return;
    const row = keeper.rows.findLast((candidate) => seqOf(candidate.item) === target);
    if (row === undefined) return;
    conversation.land(target);
    void arrive(row.key, target);
  });
  $effect(() => {
    const { resting } = conversation;
    if (resting === undefined) return;
    if (resting.atEnd) {
      conversation.rested();
      goToEnd();
    } else if (keeper.rows.some((row) => row.key === resting.key)) {
      conversation.rested();
      void keeper.rest(resting);
    }
  });
  // Who has come to the end by themselves needs no way back to it.
  $effect(() => {
    const { origin } = wayBack;
    if (conversation.target !== undefined || !keeper.following) return;
    if (origin?.kind === 'here' && origin.place.atEnd) wayBack.clear();
  });
  $effect(() => {
    conversation.standing = () => {
      const place = keeper.place();
      // Behind another pane on a phone it stands nowhere.
      if (place === undefined || scroller()?.clientHeight === 0) return undefined;
      const row = keeper.rows.find(({ key }) => key === place.key);
      return { kind: 'here', place, seq: row === undefined ? undefined : seqOf(row.item) };
    };
  });

  /** Whoever jumped with the keyboard in the list, or from what went away, goes on there. */
  async function arrive(key: string, seq: number): Promise<void> {
    await keeper.center(key);
    wayBack.arrive(keeper.place());
    const { activeElement } = document;
    if (activeElement === document.body || scroller()?.contains(activeElement) === true)
      focusMessage(scroller(), seq);
  }
}
