import { nextFrame } from '../scroll/frame.ts';

/** Puts the keyboard back onto what had it before something closed, unless something else has taken it. False: nothing could. */
export function focusAgain(from: Element | null): boolean {
  const { activeElement, body } = document;
  if (activeElement !== body && activeElement !== null) return true;
  if (!(from instanceof HTMLElement) || from === body || !from.isConnected) return false;
  from.focus({ preventScroll: true });
  return true;
}

/** The same, once what closes is off the page. */
export function focusLater(from: Element | null): void {
  nextFrame(() => {
    focusAgain(from);
  });
}

/** An attachment for a question that comes up in its place: all of it in sight, with the keyboard in it. */
export function asks(question: HTMLElement): void {
  question.querySelector<HTMLElement>('input, button')?.focus({ preventScroll: true });
  question.scrollIntoView({ block: 'nearest' });
}
